import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { HttpFault } from '../contract/httpFault'
import { OperatorError } from '../contract/operatorError'
import type { RequestContext } from '../contract/request'
import { contextOf, logOf } from '../http/observe'
import type { ControlAccess, StillAllowed } from './access'
import { controlDocument } from './openapi'
import type { ControlOperation } from './operation'
import { word } from './schemas'

export const CONTROL_PATH = '/_keepsake'

/** Refuses a NUL in any part of a path, because PostgreSQL cannot store one. */
const PATH = z.record(z.string(), word)

export interface ControlOptions {
  readonly operations: readonly ControlOperation[]
  readonly access: ControlAccess
  readonly bodyLimit: number
  /** Routes that are answered before the access check. */
  readonly before?: Router
}

/** Serves the control API over HTTP. Requests and answers are JSON. */
export function controlRoute({ operations, access, bodyLimit, before }: ControlOptions): Router {
  const router = Router({ caseSensitive: true })
  const control = Router({ caseSensitive: true })
  router.use(CONTROL_PATH, control)
  control.use((_request, response, next) => {
    contextOf(response).notes.noteProtocol('control')
    response.set('cache-control', 'no-store')
    next()
  })
  if (before) control.use(before)
  control.use((request, response, next) => {
    access(request, response)
      .then((stillAllowed) => {
        admitted.set(response, stillAllowed)
        nameAuthor(contextOf(response))
      })
      .then(() => next(), next)
  })
  // Read JSON alone: a page of another site can send a form without the browser's preflight request, but not JSON.
  control.use(express.json({ limit: bodyLimit, strict: false }))
  control.get('/openapi.json', (_request, response) => {
    response.json(controlDocument(operations, contextOf(response).origin.publicUrl))
  })
  for (const operation of operations) {
    control[operation.method](routerPath(operation.path), (request, response, next) => {
      answer(operation, request, response).catch(next)
    })
  }
  control.use(() => {
    throw new HttpFault(404, 'The control API has no such path: GET /_keepsake/openapi.json lists all')
  })
  control.use(refused)
  return router
}

/** Notes the author of a change: the operator who has signed in. A request with the control token has no name. */
function nameAuthor({ origin, scope, notes }: RequestContext): void {
  scope.nameAuthor({
    user: notes.observed.user ?? null,
    consumer: null,
    token: null,
    protocol: 'control',
    clientAddress: origin.clientAddress,
  })
}

const admitted = new WeakMap<Response, StillAllowed>()

function stillAllowedOf(response: Response): StillAllowed {
  const stillAllowed = admitted.get(response)
  if (!stillAllowed) throw new Error('a request is answered that was not let in')
  return stillAllowed
}

async function answer(operation: ControlOperation, request: Request, response: Response): Promise<void> {
  const context = contextOf(response)
  context.notes.noteOperation(`${operation.method} ${operation.path}`)
  const input = {
    path: read(PATH, request.params, 'path') as Readonly<Record<string, string>>,
    query: read(operation.query, request.query, 'query'),
    body: read(operation.body, request.body ?? {}, 'body'),
    context,
    stillAllowed: stillAllowedOf(response),
  }
  // The body may have arrived slowly, so the right of access is checked again.
  if (operation.body && !(await input.stillAllowed()))
    throw new HttpFault(401, 'Who asked is no longer signed in')
  if (operation.stream) return operation.stream(input, request, response)
  const value = await operation.run(input)
  if (value === undefined) response.status(204).end()
  else response.json(value)
}

/** Parses a part of the request. @throws HttpFault that names the place of the error and what is wrong */
function read(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new HttpFault(400, `${[part, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`)
}

function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

const STATUS_OF_ERROR: Readonly<Record<OperatorError['reason'], number>> = {
  invalid: 400,
  unknown: 404,
  conflict: 409,
}

const refused: ErrorRequestHandler = (thrown, _request, response, next) => {
  if (response.headersSent) return next(thrown)
  if (thrown instanceof HttpFault) {
    if (thrown.cause !== undefined)
      logOf(response).error({ err: thrown.cause }, 'a request of the control API failed')
    const { status, key, message, details } = thrown
    response.status(status).json({ error: message, ...(key !== undefined && { reason: key }), ...details })
    return
  }
  if (thrown instanceof OperatorError) {
    response.status(STATUS_OF_ERROR[thrown.reason]).json({ error: thrown.message })
    return
  }
  const { status, message } = thrown as { status?: unknown; message?: string }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    response.status(status).json({ error: message })
    return
  }
  logOf(response).error({ err: thrown }, 'a request of the control API failed')
  response.status(500).json({ error: 'Internal error: see the log' })
}
