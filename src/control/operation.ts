import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { RequestContext } from '../contract/request'
import type { StillAllowed } from './access'

/** The parts of a request to the control API, each as its schema has parsed it. */
export interface ControlInput<Body = unknown, Query = unknown> {
  /** The values of the path's placeholders, percent-decoded. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly context: RequestContext
  /** Whether the sender is still allowed, for a long answer. */
  readonly stillAllowed: StillAllowed
}

/**
 * One operation of the control API. Its route, its checks and its part of the OpenAPI document are derived from this.
 */
export interface ControlOperation {
  readonly method: 'get' | 'put' | 'post' | 'delete'
  /** The path below `/_keepsake`, as OpenAPI writes it: `/rules/{id}`. */
  readonly path: string
  readonly summary: string
  /** The group of operations that it belongs to in the OpenAPI document. */
  readonly tag: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** The schema of the answer, for the OpenAPI document. An operation without one answers 204. */
  readonly answers?: z.ZodType
  /** Returns the value to answer as JSON; undefined for 204. */
  run(input: ControlInput): Promise<unknown>
  /** Replaces `run` for an answer that is not JSON, such as a stream of events. It writes the whole answer. */
  readonly stream?: (input: ControlInput, request: Request, response: Response) => Promise<void>
}

/** Makes an operation. The compiler checks its input and its answer against its schemas. */
export function controlOperation<Body = undefined, Query = unknown, Answer = void>(
  description: Omit<ControlOperation, 'query' | 'body' | 'answers' | 'run' | 'stream'> & {
    readonly query?: z.ZodType<Query>
    readonly body?: z.ZodType<Body>
    readonly answers?: z.ZodType<Answer>
    run?(input: ControlInput<Body, Query>): Promise<NoInfer<Unchanged<Answer>>>
    readonly stream?: (
      input: ControlInput<Body, Query>,
      request: Request,
      response: Response,
    ) => Promise<void>
  },
): ControlOperation {
  return { run: async () => undefined, ...description } as ControlOperation
}

/** The type with every property and list in it read-only, as the server's own types have them. */
type Unchanged<T> = T extends object ? { readonly [Key in keyof T]: Unchanged<T[Key]> } : T
