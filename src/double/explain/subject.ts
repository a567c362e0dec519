import { IMAGE_RESOURCE } from '../../catalog/rest/imageOperations'
import type { NotedCall, NotedFault } from '../../contract/exchange'
import type { ResourceDescription } from '../../contract/method'
import { text } from '../../contract/readers'
import type { RequestContext } from '../../contract/request'
import type { Secrets } from '../journal/secrets'
import type { Inspection } from './ports'

/** What explanations are made from, for as long as the server runs. */
export interface Grounds {
  readonly inspection: Inspection
  readonly resources: readonly ResourceDescription[]
  readonly sessionLifetimeSeconds: number
  readonly now: () => Date
}

/** A call to explain, and what it was answered with. */
export interface Subject extends Grounds {
  readonly call: NotedCall
  readonly fault: NotedFault
  readonly context: RequestContext
  readonly secrets: Secrets
}

/** The text of an argument; null for one that was not given, or has none. */
export function argument({ call }: Pick<Subject, 'call'>, name: string): string | null {
  return text(call.arguments.get(name) ?? null)
}

export function isRest({ call }: Pick<Subject, 'call'>): boolean {
  return call.path.startsWith(`${IMAGE_RESOURCE}.`)
}
