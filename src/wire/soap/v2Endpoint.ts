import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { ResourceDescription } from '../../contract/method'
import { type Endpoint, endpointOf } from './binding'
import { MAGENTO_1_9, type SoapProfile } from './soapProfile'
import { typedOperations } from './typedOperations'
import { v2Binding } from './v2'
import { wsiBinding } from './wsi'

/** Returns the endpoint of SOAP v2 and WS-I on one URL. No element name of a body belongs to both. */
export function v2Endpoint(
  operations: Readonly<Record<OperationName, Operation>>,
  resources: readonly ResourceDescription[],
  profile: SoapProfile = MAGENTO_1_9,
): Endpoint {
  return endpointOf(
    [
      ...typedOperations(operations, resources, 'v2', profile).map((operation) =>
        v2Binding(operation, profile),
      ),
      ...typedOperations(operations, resources, 'wsi', profile).map((operation) =>
        wsiBinding(operation, profile),
      ),
    ],
    profile.namespace,
  )
}
