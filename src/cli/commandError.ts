import { PlainError } from '../contract/plainError'

/** A command cannot do what it was asked to do. The message is for the person at the terminal. */
export class CommandError extends PlainError {
  override readonly name = 'CommandError'
}
