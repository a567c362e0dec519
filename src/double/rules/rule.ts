import type { ObservedProtocol } from '../../contract/requestNotes'

/** Says which calls a rule is for: those that meet every condition that is given. */
export interface RuleConditions {
  /** The protocol; `soap` stands for SOAP v1, SOAP v2 and WS-I together. */
  readonly protocol?: RuleProtocol | undefined
  /** The method: `create`, `product_media.create`, SOAP v2's name of it, or an operation such as `login`. */
  readonly method?: string | undefined
  /** The product's SKU or id: either what the client wrote, or the product that the server found by it. */
  readonly product?: string | number | undefined
  /** The code or id of the store view that the call acts in, as the call or an earlier `currentStore` has chosen it. */
  readonly storeView?: string | number | undefined
  /** The name of the user; over REST `guest`, `customer` or `admin`. */
  readonly user?: string | undefined
  /** Selects only the n-th of the calls that meet the conditions above, counted from 1. */
  readonly nth?: number | undefined
  /** Selects every n-th of those calls. */
  readonly every?: number | undefined
  /** The share of those calls that is selected, from 0 to 1. */
  readonly probability?: number | undefined
}

export const RULE_PROTOCOLS = ['soap', 'soap_v1', 'soap_v2', 'wsi', 'xmlrpc', 'jsonrpc', 'rest'] as const

export type RuleProtocol = (typeof RULE_PROTOCOLS)[number] & (ObservedProtocol | 'soap')

/**
 * The answer that a rule gives in place of the normal one: one of `fault`, `broken` and `http`; `wait` with it, or
 * alone.
 */
export interface ForcedAnswer {
  /** Magento's code of a fault: 0 to 6, or 100 to 107. */
  readonly fault?: number | undefined
  /** The text of the fault; Magento's own by default. */
  readonly message?: string | undefined
  /** How long to wait before the answer, in milliseconds; 0 by default. */
  readonly wait?: number | undefined
  /** How to damage the answer: end the connection without one, cut it short, break its syntax, or send an HTML page. */
  readonly broken?: Breakage | undefined
  /** Answers an HTML page with this HTTP status. */
  readonly http?: ForcedStatus | undefined
  /** Whether the server carries the call out before it answers, so that its changes stay; false by default. */
  readonly after?: boolean | undefined
}

export const BREAKAGES = ['cut', 'truncated', 'malformed', 'html'] as const

export type Breakage = (typeof BREAKAGES)[number]

export type ForcedStatus = 500 | 503

/** A rule as its author gives it. */
export interface RuleDescription {
  /** A name for people who read the rules. */
  readonly name?: string | undefined
  readonly when: RuleConditions
  readonly answer: ForcedAnswer
  /** The number of calls that the rule answers before it stops; no limit by default. */
  readonly times?: number | undefined
  /** Whether the rule is in force. */
  readonly enabled: boolean
}

/** A rule with its id and the number of calls that it has answered. */
export interface Rule extends RuleDescription {
  readonly id: string
  /** The number of calls that the rule has answered. */
  readonly hits: number
}
