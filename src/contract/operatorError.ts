import { PlainError } from './plainError'

/** A request of an operator that cannot be carried out. The message is one line for the person who asked. */
export class OperatorError extends PlainError {
  override readonly name: string = 'OperatorError'

  /**
   * @param reason `unknown`: it names something that does not exist; `conflict`: something else has the name
   * or the id
   */
  constructor(
    readonly reason: 'invalid' | 'unknown' | 'conflict',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
