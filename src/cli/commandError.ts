/** A command cannot do what it was asked. The message is for the person at the terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
