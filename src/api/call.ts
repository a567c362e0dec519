import { Fault } from '../contract/fault'
import type { Log } from '../contract/log'
import type { MethodDescription } from '../contract/method'
import { refusedCall } from '../contract/notedCall'
import { Overloaded } from '../contract/overloaded'
import { text } from '../contract/readers'
import type { RequestContext } from '../contract/request'
import { isList, type Value } from '../contract/value'
import { allows } from './access'
import type { Directory } from './directory'
import { fault } from './faults'
import type { ApiSession, Sessions } from './ports'

/** Returns the session with this id. @throws fault 5 unless it is logged in and has not expired */
export async function requireSession(
  sessions: Sessions,
  sessionId: Value,
  request: RequestContext,
): Promise<ApiSession> {
  const session = await sessions.find(text(sessionId) ?? '')
  if (!session) throw fault('session_expired')
  request.notes.noteUser(session.username)
  request.scope.nameAuthor({
    user: session.username,
    consumer: null,
    token: null,
    protocol: request.notes.observed.protocol ?? 'other',
    clientAddress: request.origin.clientAddress,
  })
  return session
}

/**
 * Calls one resource method for a session. It throws fault 3 for the path, then 2 for access, then what the
 * method itself throws.
 */
export async function callPath(
  directory: Directory,
  session: ApiSession,
  path: Value,
  args: Value,
  request: RequestContext,
): Promise<Value> {
  const target = directory.resolve(text(path) ?? '')
  if (!target) {
    request.notes.noteUnknownCall(text(path) ?? '')
    throw refused('resource_path_invalid', text(path) ?? '', [], args, request)
  }
  const operation = `${target.resource.name}.${target.name}`
  request.notes.noteOperation(operation)
  const values = positional(args)
  const product = productIn(target.method, values)
  if (product !== null) request.notes.noteProduct(product)
  const isAllowed = allows(session, target.resource.acl) && allows(session, target.method.acl)
  if (!isAllowed) throw refused('access_denied', operation, target.method.parameters, args, request)
  return target.method.call(values, request)
}

/** Returns the product that a call names, for the log; null for a method of none. */
function productIn({ parameters }: MethodDescription, values: readonly Value[]): string | null {
  const at = parameters.indexOf('product')
  return at < 0 ? null : text(values[at] ?? null)
}

/** Returns the fault of a call that reaches no method. A test double notes the call. */
function refused(
  key: 'resource_path_invalid' | 'access_denied',
  path: string,
  parameters: readonly string[],
  args: Value,
  request: RequestContext,
): Fault {
  const thrown = fault(key)
  request.notes.exchange?.noteCall(refusedCall(path, parameters, positional(args), thrown, request))
  return thrown
}

/**
 * Returns the positional arguments of a call: a list as it is, a map's values in order, any other value as a
 * list of one.
 */
function positional(args: Value): readonly Value[] {
  if (isList(args)) return args
  return args instanceof Map ? [...args.values()] : [args]
}

/**
 * Returns the fault to answer for anything thrown. What is no fault is logged with its cause and answered as
 * fault 1. A shortage is only noted in the request's own log line, so that an overloaded server does not
 * flood its log.
 */
export function asFault(thrown: unknown, log: Log, request: RequestContext): Fault {
  return documentedFault(thrown, log, request, {
    kind: Fault,
    failed: 'call failed',
    overloaded: () => fault('internal'),
    internal: () => fault('internal'),
  })
}

/** The faults that a protocol documents, and its answers to failures that none of them describes. */
interface Documented<Kind extends Error> {
  /** The class of its faults. A fault of another numbering counts as an unknown failure. */
  readonly kind: abstract new (
    ...given: never[]
  ) => Kind
  /** The message of the log entry. */
  readonly failed: string
  overloaded(): Kind
  internal(): Kind
}

/**
 * Returns a fault of the protocol as it is, and for anything else the fault by which the protocol hides it. A
 * cause is logged.
 */
export function documentedFault<Kind extends Error>(
  thrown: unknown,
  log: Log,
  { notes }: RequestContext,
  { kind, failed, overloaded, internal }: Documented<Kind>,
): Kind {
  if (thrown instanceof Overloaded) {
    notes.noteShortage(thrown.shortage)
    return overloaded()
  }
  const isFault = thrown instanceof kind
  const err = isFault ? thrown.cause : thrown
  if (!isFault || err !== undefined) log.error({ err, operation: notes.observed.operation }, failed)
  return isFault ? thrown : internal()
}
