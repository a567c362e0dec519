import type { Entry } from '../double/journal/entry'
import type { Match, NearMiss } from '../double/journal/matching'
import type { RuleProtocol } from '../double/rules/rule'

/**
 * Says which calls are meant: those that meet every condition that is given. An empty match means every call.
 *
 * @example
 * // The uploads for the product "Sku" that were refused with fault 104:
 * { method: 'create', product: 'Sku', fault: 104 }
 */
export interface CallMatch extends Omit<Match, 'protocol' | 'product'> {
  /** The protocol; `soap` stands for SOAP v1, SOAP v2 and WS-I together. */
  readonly protocol?: RuleProtocol | undefined
  /** The product's SKU or id, exactly as the client wrote it. */
  readonly product?: string | number | undefined
}

/**
 * One HTTP request and its answer. API keys are shown as `***`, and texts of more than 512 characters are cut.
 *
 * @example
 * const [entry] = await keepsake.control.journal.list({ fault: 101 })
 * entry.method    // 'list'
 * entry.arguments // { product: '12345', store: null, identifierType: null }
 * entry.reason    // 'SKU 12345 was read as an id, because it is numeric: pass identifierType sku.'
 */
export type JournalEntry = Entry

export type { EntryCall, EntryFault, EntryMessage } from '../double/journal/entry'
export type { Recording } from '../double/journal/recording'
export type { NearMiss }

/** Says which entries a list has: those that meet every condition that is given. Without conditions, it has all. */
export interface JournalQuery {
  /** The protocol; `soap` stands for SOAP v1, SOAP v2 and WS-I together. */
  readonly protocol?: RuleProtocol
  /** The method, such as `create` or `product_media.create`. */
  readonly method?: string
  /** The product's SKU or id, exactly as the client wrote it. */
  readonly product?: string | number
  /** The name of the user who called. */
  readonly user?: string
  /** The code of the fault that was answered; `none` selects calls that did not fail. */
  readonly fault?: number | 'none'
  /** The id of the rule that answered the call. */
  readonly ruleId?: string
  /** The id of an entry: only later entries are listed. */
  readonly since?: number
  /** The largest number of entries to list; the latest ones are kept. All entries by default. */
  readonly limit?: number
}

/**
 * Says how often a call is expected: at least once if no number is given.
 *
 * @example
 * { exactly: 3 }
 */
export interface HowOften {
  /** The exact number of calls. */
  readonly exactly?: number
  /** The smallest number of calls. */
  readonly atLeast?: number
  /** The largest number of calls. */
  readonly atMost?: number
  /** The id of an entry: only calls in later entries count. */
  readonly since?: number
}

/** Says whether calls were made as often as expected. */
export interface Verdict {
  /** Whether the number of calls is as expected. */
  readonly passed: boolean
  /** The number of calls that were made. */
  readonly calls: number
  /** A sentence that says how many calls were made and how many were expected. */
  readonly message: string
  /** At most three calls that came close; empty when the check has passed. */
  readonly nearMisses: readonly NearMiss[]
}
