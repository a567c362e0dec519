import type { Exchange, NotedFault } from './exchange'
import type { Shortage } from './overloaded'

/** The protocols that metrics and the log distinguish. */
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
  | 'old key'
  | 'too many failures of the user'
  | 'too many failures from the address'
  | 'wrong control token'

/**
 * The facts of a request for its log line and the metrics. It never holds a key, a session id or image bytes.
 */
export interface Observation {
  readonly protocol?: ObservedProtocol
  /** The operation, or `resource.method` for a call. */
  readonly operation?: string
  readonly user?: string
  /** The path of a call that names no method, as the client wrote it. */
  readonly call?: string
  /** The product of a call, as the client wrote it. */
  readonly product?: string
  /** The text of the fault. */
  readonly reason?: string
  /** Magento's code, or the protocol's own for a request that never became a call. */
  readonly fault?: number | string
  /** The resource that ran out, for a request that was turned away. */
  readonly shed?: Shortage
  /** Why a login was denied, which is not told to the client. */
  readonly denied?: Denial
  /** The address that a denied login came from. */
  readonly from?: string
  /** Why an image was refused, in words of the decoder, which the client is not told. */
  readonly image?: string
}

/** In characters: libvips repeats itself. */
const LONGEST_PROBLEM = 500

/** In characters: no SKU and no path of a method is longer, but the bytes of an image are. */
const LONGEST_NAME = 64

/** In characters, for the text of a fault, which may repeat what a client wrote. */
const LONGEST_REASON = 200

/** What has the form of a session's id or of a token. */
const CREDENTIAL = /[0-9a-f]{32,}/gi

/** Returns a client's text for the log, without what may be a credential or an image. */
function told(text: string): string {
  return text.length > LONGEST_NAME ? `(${text.length} characters)` : text.replace(CREDENTIAL, '…')
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/**
 * Notes of a request, or of one of several calls that it carries, for the log, the metrics and a test double.
 * A later note of the same kind replaces the earlier one.
 */
export class RequestNotes {
  readonly #observed: Writable<Observation>
  readonly #carried: Observation[] = []
  #sessionId: string | null = null

  /**
   * @param exchange the test double's record of the request, which may spoil the answer; null in a server
   * that is no double
   * @param observed the facts that are known from the start
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

  /**
   * The observations of each call that a multiCall or a batch carried, in order; empty for any other request.
   */
  get carried(): readonly Observation[] {
    return this.#carried
  }

  /** The session id that the current call names; null unless this is a test double. */
  get sessionId(): string | null {
    return this.#sessionId
  }

  noteProtocol(protocol: ObservedProtocol): void {
    this.#observed.protocol = protocol
  }

  noteOperation(operation: string): void {
    this.#observed.operation = operation
  }

  /** Notes the path of a call that names no method. */
  noteUnknownCall(path: string): void {
    this.#observed.call = told(path)
  }

  /** Notes the product that a call names. */
  noteProduct(product: string): void {
    this.#observed.product = told(product)
  }

  noteUser(user: string): void {
    this.#observed.user = user
  }

  noteSession(sessionId: string): void {
    this.#sessionId = sessionId
  }

  /** Notes the fault that is answered instead of a value. A test double keeps the first one. */
  noteFault(fault: NotedFault): void {
    this.noteFaultCode(fault.code, fault.message)
    this.exchange?.noteFault(fault)
  }

  /**
   * Notes a failure only for log and metrics: an OAuth problem, or the fault of a call that the request
   * carries.
   */
  noteFaultCode(code: number | string, reason?: string): void {
    this.#observed.fault = code
    if (reason !== undefined) this.#observed.reason = reason.slice(0, LONGEST_REASON).replace(CREDENTIAL, '…')
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

  /** Returns notes for a carried call that shares the session. They begin with all that is known so far. */
  forSharedCall(): RequestNotes {
    const notes = new RequestNotes(this.exchange, this.#observed)
    notes.#sessionId = this.#sessionId
    return notes
  }

  /** Returns notes for a carried call that shares nothing. They begin with the protocol only. */
  forSeparateCall(): RequestNotes {
    const { protocol } = this.#observed
    return new RequestNotes(this.exchange, protocol === undefined ? {} : { protocol })
  }
}
