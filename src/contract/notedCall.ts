import type { NotedCall } from './exchange'
import type { Fault } from './fault'
import type { RequestContext } from './request'
import type { Value } from './value'

/** The note of a call that was refused before its method. @param parameters the method's, or none where there is no such method */
export function refusedCall(
  path: string,
  parameters: readonly string[],
  values: readonly Value[],
  { key, code, message }: Fault,
  request: RequestContext,
): NotedCall {
  return {
    path,
    arguments: new Map(values.map((value, index) => [parameters[index] ?? `#${index + 1}`, value])),
    fault: { key, code, message },
    ...callerOf(request),
  }
}

/** Who makes a call, as its note says it. */
export function callerOf({ notes }: RequestContext): Pick<NotedCall, 'user' | 'session'> {
  const { observed, sessionId } = notes
  return {
    ...(observed.user !== undefined && { user: observed.user }),
    ...(sessionId !== null && { session: sessionId }),
  }
}
