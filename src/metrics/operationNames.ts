import { OPERATION_NAMES } from '../api/operationNames'
import type { ResourceDescription } from '../contract/method'
import { typedName } from '../wire/soap/typedOperations'

const OTHERS = [
  'product_images.retrieve',
  'product_images.create',
  'product_images.update',
  'product_images.remove',
  'oauth.initiate',
  'oauth.token',
  'oauth.authorize',
]

/** Every operation that a request may be observed to ask for. */
export function operationNames(resources: readonly ResourceDescription[]): ReadonlySet<string> {
  const methods = resources.flatMap((resource) =>
    [...resource.methods.keys()].flatMap((method) => [
      `${resource.name}.${method}`,
      typedName(resource, method),
    ]),
  )
  return new Set([...OPERATION_NAMES, ...methods, ...OTHERS])
}
