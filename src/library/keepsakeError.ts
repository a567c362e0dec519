/** What was asked of Keepsake could not be done. The message says why, in a line. */
export class KeepsakeError extends Error {
  override readonly name = 'KeepsakeError'
}
