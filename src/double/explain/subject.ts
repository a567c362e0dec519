import { IMAGE_RESOURCE } from '../../catalog/rest/imageOperations'
import type { NotedCall, NotedFault } from '../../contract/exchange'
import type { ResourceDescription } from '../../contract/method'
import { quoted } from '../../contract/nearest'
import { text } from '../../contract/readers'
import type { RequestContext } from '../../contract/request'
import type { Secrets } from '../journal/secrets'
import type { Inspection, NamedProduct } from './ports'

/** The sources of explanations, which last as long as the server runs. */
export interface Grounds {
  readonly inspection: Inspection
  readonly resources: readonly ResourceDescription[]
  readonly sessionLifetimeSeconds: number
  readonly now: () => Date
}

/** A call to explain, with its answer. */
export interface Subject extends Grounds {
  readonly call: NotedCall
  readonly fault: NotedFault
  readonly context: RequestContext
  readonly secrets: Secrets
}

/** Returns the text of an argument; null for one that was not given or has no text. */
export function argument({ call }: Pick<Subject, 'call'>, name: string): string | null {
  return text(call.arguments.get(name) ?? null)
}

export function isRest({ call }: Pick<Subject, 'call'>): boolean {
  return call.path.startsWith(`${IMAGE_RESOURCE}.`)
}

/** Returns how a product is told to the author of a client. */
export function nameOf({ id, sku }: NamedProduct): string {
  return sku === null ? `product ${id}` : `SKU ${quoted(sku)}`
}
