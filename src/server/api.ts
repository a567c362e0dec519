import { Directory } from '../api/directory'
import { type Operation, operationsOf } from '../api/operations'
import type { OperationName } from '../api/operationTable'
import { ImagesByFile } from '../catalog/rpc/imagesByFile'
import { extendedProductMediaResource, productMediaResource } from '../catalog/rpc/resource'
import { boundResource, type Resource, type ResourceDescription } from '../contract/method'
import { interceptedOperations, interceptedResource } from '../double/intercepted'
import type { Settings } from '../settings/settings'
import type { Foundation } from './foundation'
import type { Parts } from './parts'

/** Returns the descriptions of all resources that {@link openOperations} binds. */
export function resourcesOf({
  extensionMethods,
}: Pick<Settings, 'extensionMethods'>): readonly ResourceDescription[] {
  return [extensionMethods ? extendedProductMediaResource : productMediaResource]
}

/**
 * Returns the operations for clients and the methods that they reach. All are intercepted if the parts
 * contain an interceptor.
 */
export function openOperations(
  { log, settings }: Pick<Foundation, 'log' | 'settings'>,
  parts: Parts,
): Readonly<Record<OperationName, Operation>> {
  const { sessions, accounts, interception } = parts
  const images = new ImagesByFile(parts)
  const resources = [
    settings.extensionMethods
      ? boundResource(extendedProductMediaResource, images)
      : boundResource(productMediaResource, images),
  ]
  const operationsOn = (reached: readonly Resource[]) =>
    operationsOf({ sessions, accounts, directory: new Directory(reached), log })
  if (!interception) return operationsOn(resources)
  const { interceptor } = interception
  const intercepted = resources.map((resource) => interceptedResource(resource, interceptor))
  return interceptedOperations(operationsOn(intercepted), interceptor)
}
