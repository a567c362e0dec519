import { PlainError } from './plainError'

/** What was asked for cannot be done, as it stands or for now. The message is one line for the person who asked. */
export class OperatorError extends PlainError {
  override readonly name: string = 'OperatorError'

  /** @param reason `unknown`: it names what is not there; `conflict`: something else has the name or the id */
  constructor(
    readonly reason: 'invalid' | 'unknown' | 'conflict',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
