import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { ResourceDescription } from '../../contract/method'
import { type Endpoint, endpointOf } from './binding'
import { typedOperations } from './typedOperations'
import { v2Binding } from './v2'
import { wsiBinding } from './wsi'

/** SOAP v2 and WS-I on one URL: no element of a body means something in both. */
export function v2Endpoint(
  operations: Readonly<Record<OperationName, Operation>>,
  resources: readonly ResourceDescription[],
): Endpoint {
  return endpointOf([
    ...typedOperations(operations, resources, 'v2').map(v2Binding),
    ...typedOperations(operations, resources, 'wsi').map(wsiBinding),
  ])
}
