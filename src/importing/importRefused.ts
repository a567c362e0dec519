import { PlainError } from '../contract/plainError'

/** The shop cannot come in beside what is here. The message names both. */
export class ImportRefused extends PlainError {
  override readonly name = 'ImportRefused'
  override readonly exitCode = 2
}
