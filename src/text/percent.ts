/**
 * Text here is bytes, one character each, as HTTP carries them: what is no UTF-8 is signed like anything else, and must
 * come back as it was.
 */
export type ByteText = string

/** Everything but RFC 3986's unreserved characters, in capital hex (RFC 5849, 3.6). */
export function percentEncode(bytes: ByteText): string {
  return bytes.replace(/[^A-Za-z0-9._~-]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** What stands for no byte stays as it is. */
export function percentDecode(text: string): ByteText {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Any text as the bytes of its UTF-8. */
export function bytesOf(text: string): ByteText {
  return Buffer.from(text, 'utf8').toString('latin1')
}
