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

/** Describes an operation, and types what it is given by its schemas. */
export function controlOperation<Body = undefined, Query = unknown>(
  description: Omit<ControlOperation, 'query' | 'body' | 'run' | 'stream'> & {
    readonly query?: z.ZodType<Query>
    readonly body?: z.ZodType<Body>
    run?(input: ControlInput<Body, Query>): Promise<unknown>
    readonly stream?: (
      input: ControlInput<Body, Query>,
      request: Request,
      response: Response,
    ) => Promise<void>
  },
): ControlOperation {
  return { run: async () => undefined, ...description } as ControlOperation
}
