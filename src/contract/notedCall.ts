import type { NotedCall, NotedFault } from './exchange'
import { Fault } from './fault'
import { HttpFault } from './httpFault'
import type { RequestContext } from './request'
import type { Value } from './value'

/**
 * Returns the note of a call that was refused before its method ran.
 *
 * @param parameters the method's; empty where there is no such method
 */
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

/** Returns the note of a fault, with Magento's code or HTTP's status. */
export function notedFault(fault: Fault | HttpFault): NotedFault {
  const { key, message } = fault
  const code = fault instanceof Fault ? fault.code : fault.status
  return { code, message, ...(key !== undefined && { key }) }
}

/** Tells whether this is a documented failure, by Magento's code or HTTP's status. */
export function isDocumented(thrown: unknown): thrown is Fault | HttpFault {
  return thrown instanceof Fault || thrown instanceof HttpFault
}

/** Returns who makes a call, as its note has it. */
export function callerOf({ notes }: RequestContext): Pick<NotedCall, 'user' | 'session'> {
  const { observed, sessionId } = notes
  return {
    ...(observed.user !== undefined && { user: observed.user }),
    ...(sessionId !== null && { session: sessionId }),
  }
}
