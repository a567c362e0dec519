/**
 * Bytes as text, one character for each byte, as HTTP carries them. Bytes that are not UTF-8 are signed like
 * any others, and must come back unchanged.
 */
export type ByteText = string

/** Escapes all characters but RFC 3986's unreserved ones, in capital hex (RFC 5849, 3.6). */
export function percentEncode(bytes: ByteText): string {
  return bytes.replace(/[^A-Za-z0-9._~-]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** Unescapes each byte. A percent sign that escapes no byte stays as it is. */
export function percentDecode(text: string): ByteText {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Returns the UTF-8 bytes of a text. */
export function bytesOf(text: string): ByteText {
  return Buffer.from(text, 'utf8').toString('latin1')
}
