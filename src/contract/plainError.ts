/**
 * A failure whose message, of one line or a few, says all that a person needs: a command prints it without a
 * stack. Any other failure is shown with its stack.
 */
export class PlainError extends Error {
  /**
   * The exit code of a command that fails so: 1, or 2 where its settings or files must be corrected first.
   */
  readonly exitCode: 1 | 2 = 1
}
