/** Says that Keepsake could not do what it was asked to do. The message gives the reason in one line. */
export class KeepsakeError extends Error {
  override readonly name = 'KeepsakeError'
}
