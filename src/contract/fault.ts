/** Magento's numbers: 0 to 6 for any call, 100 to 107 for product images (magento.md §1). */
export type FaultCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 100 | 101 | 102 | 103 | 104 | 105 | 106 | 107

/**
 * A documented failure of a call, by Magento's number. Each protocol prints its code and text in its own way.
 * The literal type of `name` keeps the compiler from accepting a fault of another numbering as one of these
 * (decision 022).
 */
export class Fault extends Error {
  override readonly name = 'Fault'

  /**
   * @param key   the fault's name in its table
   * @param options the cause, if the fault is not the caller's; it is logged and not answered
   */
  constructor(
    readonly key: string,
    readonly code: FaultCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Fault names, each with Magento's code and its standard text. */
export type FaultTable<Key extends string = string> = Readonly<
  Record<Key, readonly [code: FaultCode, message: string]>
>

/**
 * Makes a function that creates the faults of a table: `throw fault('not_exists')`. A detail replaces the
 * standard text.
 */
export function faultsOf<Key extends string>(table: FaultTable<Key>) {
  return (key: Key, detail?: string, options?: ErrorOptions): Fault => {
    const [code, message] = table[key]
    return new Fault(key, code, detail ?? message, options)
  }
}
