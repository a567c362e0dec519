import { PlainError } from '../contract/plainError'

/** A command cannot do what it was asked. Message and details, each a line, are for the person at the terminal. */
export class CommandError extends PlainError {
  override readonly name = 'CommandError'

  /** @param details what else is told, below the message */
  constructor(
    message: string,
    readonly details: readonly string[] = [],
  ) {
    super(message)
  }
}
