import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { ResourceDescription } from '../../contract/method'
import { type Endpoint, endpointOf } from './binding'
import { typedOperations } from './typedOperations'
import { v2Binding } from './v2'
import { wsiBinding } from './wsi'

/** Returns the endpoint of SOAP v2 and WS-I on one URL. No element name of a body belongs to both. */
export function v2Endpoint(
  operations: Readonly<Record<OperationName, Operation>>,
  resources: readonly ResourceDescription[],
): Endpoint {
  return endpointOf([
    ...typedOperations(operations, resources, 'v2').map(v2Binding),
    ...typedOperations(operations, resources, 'wsi').map(wsiBinding),
  ])
}
