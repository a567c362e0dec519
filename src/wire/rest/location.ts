import { bytesOf, percentEncode } from '../../text/percent'

/** What no header may hold, as it would end the header or hide in it. */
const CONTROL_CHARACTERS = /\p{Cc}/gu

/**
 * Returns the path of a new image, with the product as the client has named it, decoded (magento.md §6.6). It is UTF-8,
 * one character for each byte, as headers are written.
 *
 * @param folder the path before `/api/rest`
 */
export function locationOf(product: string, imageId: number, folder: string): string {
  const named = bytesOf(product.replace(CONTROL_CHARACTERS, (character) => percentEncode(bytesOf(character))))
  return `${folder}/api/rest/products/${named}/images/${imageId}`
}
