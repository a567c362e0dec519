/** The operations of magento.md §1, which a client can call directly in any dialect. */
export const OPERATION_NAMES = [
  'login',
  'startSession',
  'endSession',
  'call',
  'multiCall',
  'resources',
  'globalFaults',
  'resourceFaults',
] as const

export type OperationName = (typeof OPERATION_NAMES)[number]
