import { Directory } from '../api/directory'
import { type Operation, operationsOf } from '../api/operations'
import type { OperationName } from '../api/operationTable'
import { ImagesByFile } from '../catalog/rpc/imagesByFile'
import { productMediaResource } from '../catalog/rpc/resource'
import { boundResource, type Resource, type ResourceDescription } from '../contract/method'
import { interceptedOperations, interceptedResource } from '../double/intercepted'
import type { Foundation } from './foundation'
import type { Parts } from './parts'

/** What can be told of every resource that {@link openOperations} binds. */
export const RESOURCES: readonly ResourceDescription[] = [productMediaResource]

/** The operations that a client can call, and the methods that they reach, all intercepted if the parts say so. */
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
