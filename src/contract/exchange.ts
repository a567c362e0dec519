import type { IncomingHttpHeaders } from 'node:http'
import type { Value } from './value'

/** A call as a client made it, whatever the dialect. */
export interface DecodedCall {
  /** An operation such as `login`, or `resource.method`; an alias is replaced by the resource's own name. */
  readonly path: string
  /** The arguments by the names of the parameters, in order; null for one that the client did not send. */
  readonly arguments: ReadonlyMap<string, Value>
}

/** How an answer is damaged or replaced before it is sent. */
export type Spoiling =
  | { readonly kind: 'cut' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'replaced'; readonly answer: HttpAnswer }

/** An answer as HTTP sends it. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How the text becomes bytes: some dialects write Latin-1 characters that stand for bytes. */
  readonly encoding: 'utf8' | 'latin1'
}

/** The head of an HTTP request. */
export interface RequestHead {
  readonly method: string
  /** The path and query of the request. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

/**
 * One HTTP request and its answer, as a test double sees them. Each part is noted by the code that knows it.
 */
export class Exchange implements RequestHead {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly started = new Date()
  readonly #calls: NotedCall[] = []
  #body: Buffer | null = null
  #spoiling: Spoiling | null = null
  #answer: HttpAnswer | null = null
  #fault: NotedFault | null = null

  /** @param over aborted once the answer has been sent or the client has hung up */
  constructor(
    { method, target, headers }: RequestHead,
    readonly over: AbortSignal,
  ) {
    this.method = method
    this.target = target
    this.headers = headers
  }

  /** The body after decompression; null for a request whose body was not read. */
  get body(): Buffer | null {
    return this.#body
  }

  /** Every call that the request carried, in the order in which they ran. */
  get calls(): readonly NotedCall[] {
    return this.#calls
  }

  /** How the answer is to be spoilt; null for an answer that is sent as it is. */
  get spoiling(): Spoiling | null {
    return this.#spoiling
  }

  /** The answer as the dialect gave it, before it was spoilt; null for an answer that no dialect gave. */
  get answer(): HttpAnswer | null {
    return this.#answer
  }

  /**
   * The first fault that was answered: of a call, or of a request that never became a call. Null for none.
   */
  get fault(): NotedFault | null {
    return this.#fault
  }

  noteBody(body: Buffer): void {
    this.#body = body
  }

  noteCall(call: NotedCall): void {
    this.#calls.push(call)
  }

  noteAnswer(answer: HttpAnswer): void {
    this.#answer = answer
  }

  noteFault(fault: NotedFault): void {
    this.#fault ??= fault
  }

  /**
   * Marks the answer to be spoilt. A request has one answer, so the first call that asks for this decides.
   */
  spoil(spoiling: Spoiling): void {
    this.#spoiling ??= spoiling
  }
}

/** The failure of a request, or of one call in it. */
export interface NotedFault {
  /** Magento's code, HTTP's status for REST, or the protocol's own. */
  readonly code: number | string
  readonly message: string
  /** The fault's name in its table; absent for a fault without a table. */
  readonly key?: string
  /** The message of a parser, which the client is not told. */
  readonly detail?: string
}

/** A call and its result. While it runs, it has neither a value nor a fault. */
export interface NotedCall extends DecodedCall {
  readonly value?: Value
  readonly fault?: NotedFault
  /** The id of the fault rule that answered it. */
  readonly rule?: string
  /** The name of the user who called; absent if it is not known. */
  readonly user?: string
  /** The session id that the call named, even if there is no such session. */
  readonly session?: string
}
