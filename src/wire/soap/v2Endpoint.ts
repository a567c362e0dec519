import type { Directory } from '../../api/directory'
import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import { type Endpoint, endpointOf } from './binding'
import { typedOperations } from './typedOperations'
import { v2Binding } from './v2'
import { wsiBinding } from './wsi'

/** SOAP v2 and WS-I on one URL: no element of a body means something in both. */
export function v2Endpoint(
  operations: Readonly<Record<OperationName, Operation>>,
  directory: Directory,
): Endpoint {
  return endpointOf([
    ...typedOperations(operations, directory, 'v2').map(v2Binding),
    ...typedOperations(operations, directory, 'wsi').map(wsiBinding),
  ])
}
