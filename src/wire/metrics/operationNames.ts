import type { Directory } from '../../api/directory'
import type { Operation, OperationName } from '../../api/operations'
import { typedOperations } from '../soap/typedOperations'

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
export function operationNames(
  operations: Readonly<Record<OperationName, Operation>>,
  directory: Directory,
): ReadonlySet<string> {
  const paths = directory.resources.flatMap(({ name, methods }) =>
    [...methods.keys()].map((method) => `${name}.${method}`),
  )
  const typed = typedOperations(operations, directory).map(({ name }) => name)
  return new Set([...Object.keys(operations), ...paths, ...typed, ...OTHERS])
}
