/**
 * A failure whose message is one line, or a few, that say all that a person needs: a command prints it without a stack.
 * Any other failure is shown with its stack.
 */
export class PlainError extends Error {
  /** What a command that fails so ends with: 1, or 2 where what it was given must be mended before it can work at all. */
  readonly exitCode: 1 | 2 = 1
}
