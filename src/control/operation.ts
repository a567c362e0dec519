import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { RequestContext } from '../contract/request'

/** What a request of the control API gives, each part as its schema reads it. */
export interface ControlInput<Body = unknown, Query = unknown> {
  /** The placeholders of the path, decoded. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly context: RequestContext
}

/** One operation of the control API, described once: its route, its checks and its OpenAPI follow. */
export interface ControlOperation {
  readonly method: 'get' | 'put' | 'post' | 'delete'
  /** Below `/_keepsake`, as OpenAPI writes it: `/rules/{id}`. */
  readonly path: string
  readonly summary: string
  /** Where it belongs in the documentation. */
  readonly tag: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** What it answers, for the documentation; without one, it answers 204. */
  readonly answers?: z.ZodType
  /** The value to answer as JSON; undefined for 204. */
  run(input: ControlInput): Promise<unknown>
  /** For an answer that is no JSON, such as a stream of events: it writes all of it. */
  readonly stream?: (input: ControlInput, request: Request, response: Response) => Promise<void>
}

/** Describes an operation, and types what it is given and what it answers by its schemas. */
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

/** A request that the control API refuses. The message is for the person who sent it. */
export class ControlError extends Error {
  override readonly name = 'ControlError'

  constructor(
    readonly status: number,
    message: string,
    /** What more there is to say, beside `error`. */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** The cause is for the log. */
    options: ErrorOptions = {},
  ) {
    super(message, options)
  }
}
