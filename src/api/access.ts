import type { Resource } from '../contract/method'
import type { ApiSession } from './ports'

/** Whether the session's role holds the rule, or the rule `all`. A rule does not imply the rules below it. */
export function allows(session: ApiSession, rule: string | null): boolean {
  return rule === null || session.rules.has('all') || session.rules.has(rule)
}

/** Returns the resource with only the methods that the session may call; null when there are none. */
export function visiblePart(resource: Resource, session: ApiSession): Resource | null {
  if (!allows(session, resource.acl)) return null
  const methods = new Map([...resource.methods].filter(([, method]) => allows(session, method.acl)))
  return methods.size === 0 ? null : { ...resource, methods }
}
