import { type FaultTable, faultsOf } from '../contract/fault'

/** The faults that any call can answer (magento.md §1; recording `v1/global-faults`). */
export const globalFaults = {
  unknown: [0, 'Unknown Error'],
  internal: [1, 'Internal Error. Please see log for details.'],
  access_denied: [2, 'Access denied.'],
  resource_path_invalid: [3, 'Invalid api path.'],
  resource_path_not_callable: [4, 'Resource path is not callable.'],
  session_expired: [5, 'Session expired. Try to relogin.'],
  invalid_request_param: [6, 'Required parameter is missing, for more details see "exception.log".'],
} as const satisfies FaultTable

export const fault = faultsOf(globalFaults)
