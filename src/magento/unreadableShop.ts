import { PlainError } from '../contract/plainError'

/** A dump or database that cannot be read, or is not one of Magento 1. The message is one line that says why. */
export class UnreadableShop extends PlainError {
  override readonly name = 'UnreadableShop'
  override readonly exitCode = 2
}
