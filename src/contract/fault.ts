/** A documented failure of a call: each protocol prints its code and text in its own way. Nothing else leaves the API. */
export class Fault extends Error {
  override readonly name = 'Fault'

  /**
   * @param key   the fault's name in its table
   * @param code  Magento's number, 0 to 6 for any call, 100 to 107 for product images
   * @param options the cause, if the fault is not the caller's; it is logged and not answered
   */
  constructor(
    readonly key: string,
    readonly code: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Fault names, each with Magento's code and its standard text. */
export type FaultTable<Key extends string = string> = Readonly<
  Record<Key, readonly [code: number, message: string]>
>

/** Makes the throwable of a table: `throw fault('not_exists')`, or with a text of its own in place of the standard one. */
export function faultsOf<Key extends string>(table: FaultTable<Key>) {
  return (key: Key, detail?: string, options?: ErrorOptions): Fault => {
    const [code, message] = table[key]
    return new Fault(key, code, detail ?? message, options)
  }
}
