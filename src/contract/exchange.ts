import type { IncomingHttpHeaders } from 'node:http'
import type { Value } from './value'

/** A call as a client made it, whatever the dialect. */
export interface DecodedCall {
  /** An operation such as `login`, or `resource.method`, with the resource's own name rather than an alias. */
  readonly path: string
  /** By the names of its parameters, in their order; what the client did not give is null. */
  readonly arguments: ReadonlyMap<string, Value>
}

/** What is to become of an answer in place of being sent as it is. */
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
  /** The path and query that were asked. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

/** One HTTP request and its answer, as a test double sees them: each part is noted by who has it. */
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

  /** @param over aborted once nobody waits for the answer any more: it has been sent, or the client has hung up */
  constructor(
    { method, target, headers }: RequestHead,
    readonly over: AbortSignal,
  ) {
    this.method = method
    this.target = target
    this.headers = headers
  }

  /** Unpacked; null for a request whose body nobody read. */
  get body(): Buffer | null {
    return this.#body
  }

  /** Every call that the request carried, in the order in which they ran. */
  get calls(): readonly NotedCall[] {
    return this.#calls
  }

  /** Null for an answer that is sent as it is. */
  get spoiling(): Spoiling | null {
    return this.#spoiling
  }

  /** As the dialect gave it, before it was spoilt; null for what is no answer of a dialect. */
  get answer(): HttpAnswer | null {
    return this.#answer
  }

  /** The first fault that was answered, be it of a call or of a request that never became one; null for none. */
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

  /** Has the answer spoilt. One request has one answer, which the first of its calls may spoil. */
  spoil(spoiling: Spoiling): void {
    this.#spoiling ??= spoiling
  }
}

/** What a request, or one call of it, failed with. */
export interface NotedFault {
  /** Magento's code, HTTP's status for REST, or the protocol's own. */
  readonly code: number | string
  readonly message: string
  /** Its name in its table, for those that have one. */
  readonly key?: string
  /** What a parser said, which the client is not told. */
  readonly detail?: string
}

/** A call, and what it came to: neither a value nor a fault while it runs. */
export interface NotedCall extends DecodedCall {
  readonly value?: Value
  readonly fault?: NotedFault
  /** The id of the fault rule that answered it. */
  readonly rule?: string
  /** Who made it, as far as that is known. */
  readonly user?: string
  /** The id of the session that it named, be it one or not. */
  readonly session?: string
}
