import type { Entry } from '../double/journal/entry'
import type { Match, NearMiss } from '../double/journal/matching'
import type { RuleProtocol } from '../double/rules/rule'

/** Which calls are meant: those that meet every condition that is given. */
export interface CallMatch extends Omit<Match, 'protocol' | 'product'> {
  /** `soap` is SOAP in any of its dialects. */
  readonly protocol?: RuleProtocol | undefined
  /** An SKU or id, as the client wrote it. */
  readonly product?: string | number | undefined
}

/** One request and its answer. Keys are masked, and the bytes of images cut. */
export type JournalEntry = Entry

export type { EntryCall, EntryFault, EntryMessage } from '../double/journal/entry'
export type { Recording } from '../double/journal/recording'
/** An entry that almost is what was looked for, and in what it differs. */
export type { NearMiss }

/** Which entries a list has: those that meet every condition that is given. */
export interface JournalQuery {
  readonly protocol?: RuleProtocol
  readonly method?: string
  readonly product?: string | number
  readonly user?: string
  /** A code; `none` for calls that did not fail. */
  readonly fault?: number | 'none'
  readonly ruleId?: string
  /** Those after the entry of this id. */
  readonly since?: number
  /** So many of the latest. */
  readonly limit?: number
}

/** How often a call was made. Without any, at least once. */
export interface HowOften {
  readonly exactly?: number
  readonly atLeast?: number
  readonly atMost?: number
  /** Among the entries after the one of this id. */
  readonly since?: number
}

export interface Verdict {
  readonly passed: boolean
  /** How many calls there were. */
  readonly calls: number
  /** How many there were and how many were wanted, in plain words. */
  readonly message: string
  readonly nearMisses: readonly NearMiss[]
}
