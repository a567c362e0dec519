import type { NotedCall, NotedFault } from './exchange'
import { Fault } from './fault'
import { HttpFault } from './httpFault'
import type { RequestContext } from './request'
import type { Value } from './value'

/** The note of a call that was refused before its method. @param parameters the method's, or none where there is no such method */
export function refusedCall(
  path: string,
  parameters: readonly string[],
  values: readonly Value[],
  fault: Fault,
  request: RequestContext,
): NotedCall {
  return {
    path,
    arguments: new Map(values.map((value, index) => [parameters[index] ?? `#${index + 1}`, value])),
    fault: notedFault(fault),
    ...callerOf(request),
  }
}

/** A fault of either numbering as it is noted. */
export function notedFault(fault: Fault | HttpFault): NotedFault {
  const { key, message } = fault
  const code = fault instanceof Fault ? fault.code : fault.status
  return { code, message, ...(key !== undefined && { key }) }
}

/** Whether a call that came to this has failed in a documented way, in the numbering of either. */
export function isDocumented(thrown: unknown): thrown is Fault | HttpFault {
  return thrown instanceof Fault || thrown instanceof HttpFault
}

/** Who makes a call, as its note says it. */
export function callerOf({ notes }: RequestContext): Pick<NotedCall, 'user' | 'session'> {
  const { observed, sessionId } = notes
  return {
    ...(observed.user !== undefined && { user: observed.user }),
    ...(sessionId !== null && { session: sessionId }),
  }
}
