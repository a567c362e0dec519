import { Directory } from '../api/directory'
import { type Operation, operationsOf } from '../api/operations'
import type { OperationName } from '../api/operationTable'
import { ImagesByFile } from '../catalog/rpc/imagesByFile'
import { productMediaResource } from '../catalog/rpc/resource'
import { boundResource, type Resource, type ResourceDescription } from '../contract/method'
import { interceptedOperations, interceptedResource } from '../double/intercepted'
import type { Foundation } from './foundation'
import type { Parts } from './parts'

/** The descriptions of all resources that {@link openOperations} binds. */
export const RESOURCES: readonly ResourceDescription[] = [productMediaResource]

/**
 * Returns the operations for clients and the methods that they reach. All are intercepted if the parts
 * contain an interceptor.
 */
export function openOperations(
  { log }: Pick<Foundation, 'log'>,
  parts: Parts,
): Readonly<Record<OperationName, Operation>> {
  const { sessions, accounts, interception } = parts
  const resources = [boundResource(productMediaResource, new ImagesByFile(parts))]
  const operationsOn = (reached: readonly Resource[]) =>
    operationsOf({ sessions, accounts, directory: new Directory(reached), log })
  if (!interception) return operationsOn(resources)
  const { interceptor } = interception
  const intercepted = resources.map((resource) => interceptedResource(resource, interceptor))
  return interceptedOperations(operationsOn(intercepted), interceptor)
}
