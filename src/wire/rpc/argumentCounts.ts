import type { OperationName } from '../../api/operationNames'

/** The fewest values that an operation is called with. The most are its parts; what lies between is optional. */
export const FEWEST_VALUES: Readonly<Record<OperationName, number>> = {
  login: 2,
  startSession: 0,
  endSession: 1,
  call: 2,
  multiCall: 2,
  resources: 1,
  globalFaults: 1,
  resourceFaults: 2,
}

/** Whether an operation has exactly this name. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(FEWEST_VALUES, name)
}
