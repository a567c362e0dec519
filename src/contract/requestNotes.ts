import type { Exchange, NotedFault } from './exchange'
import type { Shortage } from './overloaded'

/** The protocols that are told apart where requests are counted. */
export type ObservedProtocol =
  | 'soap_v1'
  | 'soap_v2'
  | 'wsi'
  | 'xmlrpc'
  | 'jsonrpc'
  | 'rest'
  | 'oauth'
  | 'media'
  | 'control'
  | 'other'

/** Why a login, or a request with a control token, was denied. The log tells it, and the client is not told. */
export type Denial =
  | 'unknown user'
  | 'wrong key'
  | 'inactive user'
  | 'too many failures of the user'
  | 'too many failures from the address'
  | 'wrong control token'

/** What the log line of a request says of it, and what it is counted by. Never a key, a session id or image bytes. */
export interface Observation {
  readonly protocol?: ObservedProtocol
  /** The operation, or `resource.method` for a call. */
  readonly operation?: string
  readonly user?: string
  /** Magento's code, or the protocol's own for a request that never became a call. */
  readonly fault?: number | string
  /** What there was no room for, in a request that was turned away. */
  readonly shed?: Shortage
  /** Why a login was denied, which the client is not told. */
  readonly denied?: Denial
  /** The address that a denied login came from. */
  readonly from?: string
  /** Why an image was refused, in words of the decoder, which the client is not told. */
  readonly image?: string
}

/** In characters: libvips repeats itself. */
const LONGEST_PROBLEM = 500

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/**
 * What is noted of a request, or of one call of several that it carries, for the log, the metrics and a test double.
 * Whoever finds something out notes it by a method; where two note the same, the later counts.
 */
export class RequestNotes {
  readonly #observed: Writable<Observation>
  readonly #carried: Observation[] = []
  #sessionId: string | null = null

  /**
   * @param exchange what a test double keeps of the request, and does to its answer; null in a server that is none
   * @param observed what is known from the start
   */
  constructor(
    readonly exchange: Exchange | null,
    observed: Observation = {},
  ) {
    this.#observed = { ...observed }
  }

  get observed(): Observation {
    return this.#observed
  }

  /** What was observed of each call that a multiCall or a batch carried, in their order; empty for any other request. */
  get carried(): readonly Observation[] {
    return this.#carried
  }

  /** The session id that the call under way names; noted by a test double alone, else null. */
  get sessionId(): string | null {
    return this.#sessionId
  }

  noteProtocol(protocol: ObservedProtocol): void {
    this.#observed.protocol = protocol
  }

  noteOperation(operation: string): void {
    this.#observed.operation = operation
  }

  noteUser(user: string): void {
    this.#observed.user = user
  }

  noteSession(sessionId: string): void {
    this.#sessionId = sessionId
  }

  /** Notes the fault that is answered in place of a value; a test double keeps the first. */
  noteFault(fault: NotedFault): void {
    this.noteFaultCode(fault.code)
    this.exchange?.noteFault(fault)
  }

  /** Notes a failure for log and metrics alone: an OAuth problem, or the fault of a call that the request carries. */
  noteFaultCode(code: number | string): void {
    this.#observed.fault = code
  }

  noteShortage(shortage: Shortage): void {
    this.#observed.shed = shortage
  }

  noteDenial(denial: Denial, clientAddress: string): void {
    this.#observed.denied = denial
    this.#observed.from = clientAddress
  }

  /** Notes why an image was refused, in one line. */
  noteInvalidImage(problem: string): void {
    this.#observed.image = problem
      .trim()
      .replace(/\s*\n\s*/g, '; ')
      .slice(0, LONGEST_PROBLEM)
  }

  /** Adds what was noted of one carried call, and of those that it carried itself. */
  noteCarried(call: RequestNotes): void {
    const { shed, image } = call.observed
    if (shed !== undefined) this.noteShortage(shed)
    if (image !== undefined) this.noteInvalidImage(image)
    this.#carried.push(call.observed, ...call.carried)
  }

  /** Notes of a carried call that shares the session: they begin with all that is known so far. */
  forSharedCall(): RequestNotes {
    const notes = new RequestNotes(this.exchange, this.#observed)
    notes.#sessionId = this.#sessionId
    return notes
  }

  /** Notes of a carried call that shares nothing: they begin with the protocol alone. */
  forSeparateCall(): RequestNotes {
    const { protocol } = this.#observed
    return new RequestNotes(this.exchange, protocol === undefined ? {} : { protocol })
  }
}
