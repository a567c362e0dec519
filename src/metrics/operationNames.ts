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

/** Returns the names of all operations that a request can call, as the metrics label them. */
export function operationNames(resources: readonly ResourceDescription[]): ReadonlySet<string> {
  const methods = resources.flatMap((resource) =>
    [...resource.methods.keys()].flatMap((method) => [
      `${resource.name}.${method}`,
      typedName(resource, method),
    ]),
  )
  return new Set([...OPERATION_NAMES, ...methods, ...OTHERS])
}
