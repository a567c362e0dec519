import type { ObservedProtocol } from '../../contract/requestNotes'

/** Which calls a rule is for: those that meet every condition that it has. */
export interface RuleConditions {
  /** `soap` is SOAP in any of its dialects. */
  readonly protocol?: RuleProtocol | undefined
  /** `create`, `product_media.create`, the name of v2's operation, or an operation such as `login`. */
  readonly method?: string | undefined
  /** An SKU or an id, as the client wrote it or as it resolves. */
  readonly product?: string | number | undefined
  /** A code or an id; the store view that the call acts in, whether it names one or `currentStore` did. */
  readonly storeView?: string | number | undefined
  /** A user name; over REST `guest`, `customer` or `admin`. */
  readonly user?: string | undefined
  /** Of the calls that meet the conditions above, only the n-th. */
  readonly nth?: number | undefined
  /** Of those calls, each n-th. */
  readonly every?: number | undefined
  /** Of those calls, this part of them, from 0 to 1. */
  readonly probability?: number | undefined
}

export const RULE_PROTOCOLS = ['soap', 'soap_v1', 'soap_v2', 'wsi', 'xmlrpc', 'jsonrpc', 'rest'] as const

export type RuleProtocol = (typeof RULE_PROTOCOLS)[number] & (ObservedProtocol | 'soap')

/** What a call is answered in place of what it would be. */
export interface ForcedAnswer {
  /** Magento's code: 0 to 6, or 100 to 107. */
  readonly fault?: number | undefined
  /** The text of the fault, in place of the standard one. */
  readonly message?: string | undefined
  /** How long to wait first, in milliseconds. */
  readonly wait?: number | undefined
  readonly broken?: Breakage | undefined
  readonly http?: ForcedStatus | undefined
  /** Whether the call is carried out first, so that its changes stay. */
  readonly after?: boolean | undefined
}

export const BREAKAGES = ['cut', 'truncated', 'malformed', 'html'] as const

export type Breakage = (typeof BREAKAGES)[number]

export type ForcedStatus = 500 | 503

/** A rule as its author gives it. */
export interface RuleDescription {
  readonly name?: string | undefined
  readonly when: RuleConditions
  readonly answer: ForcedAnswer
  /** How often it answers before it is spent; without it, always. */
  readonly times?: number | undefined
  readonly enabled: boolean
}

/** A rule with what has become of it. */
export interface Rule extends RuleDescription {
  readonly id: string
  /** How often it has answered. */
  readonly hits: number
}
