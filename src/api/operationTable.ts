interface OperationDescription {
  /** The name of each positional value, in order. */
  readonly parts: readonly string[]
  /** How many of them must be given; later ones may be left out. */
  readonly fewest: number
}

/**
 * The operations of magento.md §1, which a client can call directly in any dialect, each described once. What
 * one protocol adds, such as the types of a WSDL, stands with that protocol, under the same names of
 * operations and parts.
 */
export const OPERATION_TABLE = {
  login: { parts: ['username', 'apiKey'], fewest: 2 },
  startSession: { parts: [], fewest: 0 },
  endSession: { parts: ['sessionId'], fewest: 1 },
  call: { parts: ['sessionId', 'resourcePath', 'args'], fewest: 2 },
  multiCall: { parts: ['sessionId', 'calls', 'options'], fewest: 2 },
  resources: { parts: ['sessionId'], fewest: 1 },
  globalFaults: { parts: ['sessionId'], fewest: 1 },
  resourceFaults: { parts: ['sessionId', 'resourceName'], fewest: 2 },
} as const satisfies Readonly<Record<string, OperationDescription>>

export type OperationName = keyof typeof OPERATION_TABLE

/** The name of a positional value of an operation. */
export type PartName = (typeof OPERATION_TABLE)[OperationName]['parts'][number]

/** Whether an operation has exactly this name. */
export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(OPERATION_TABLE, name)
}

/** The names of the operations, in the order of the table. */
export const OPERATION_NAMES: readonly OperationName[] = Object.keys(OPERATION_TABLE).filter(isOperationName)
