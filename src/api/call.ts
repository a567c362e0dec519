import { Fault } from '../contract/fault'
import type { Log } from '../contract/log'
import { refusedCall } from '../contract/notedCall'
import { Overloaded } from '../contract/overloaded'
import { text } from '../contract/readers'
import type { RequestContext } from '../contract/request'
import { isList, type Value } from '../contract/value'
import { allows } from './access'
import type { Directory } from './directory'
import { fault } from './faults'
import type { ApiSession, Sessions } from './ports'

/** Throws fault 5 unless the id names a session that is logged in and in use. */
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

/** Calls one resource method for a session: fault 3 for the path, then 2 for access, then what the method itself throws. */
export async function callPath(
  directory: Directory,
  session: ApiSession,
  path: Value,
  args: Value,
  request: RequestContext,
): Promise<Value> {
  const target = directory.resolve(text(path) ?? '')
  if (!target) throw refused('resource_path_invalid', text(path) ?? '', [], args, request)
  const operation = `${target.resource.name}.${target.name}`
  request.notes.noteOperation(operation)
  const isAllowed = allows(session, target.resource.acl) && allows(session, target.method.acl)
  if (!isAllowed) throw refused('access_denied', operation, target.method.parameters, args, request)
  return target.method.call(positional(args), request)
}

/** The fault of a call that reaches no method. A test double notes what was called. */
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

/** The positional arguments of a call: a list, a map's values in order, or any other value as a list of one. */
function positional(args: Value): readonly Value[] {
  if (isList(args)) return args
  return args instanceof Map ? [...args.values()] : [args]
}

/**
 * The fault to answer for whatever was thrown. What is no fault is logged with its cause and answered as fault 1; what
 * there was no room for is told in the request's own log line, for an overloaded server must not drown in its log.
 */
export function asFault(thrown: unknown, log: Log, request: RequestContext): Fault {
  return documentedFault(thrown, log, request, {
    kind: Fault,
    failed: 'call failed',
    overloaded: () => fault('internal'),
    internal: () => fault('internal'),
  })
}

/** The faults that a protocol documents, and how it words what none of them is about. */
interface Documented<Kind extends Error> {
  /** The class of its faults. One of another numbering is a failure of ours. */
  readonly kind: abstract new (
    ...given: never[]
  ) => Kind
  /** For the log. */
  readonly failed: string
  overloaded(): Kind
  internal(): Kind
}

/** A fault of the protocol as it is, and for anything else the one by which the protocol hides it. A cause is logged. */
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
