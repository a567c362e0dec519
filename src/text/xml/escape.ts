const SPECIAL = /[&<>\r]/g
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** Characters that XML 1.0 cannot express: control characters, lone surrogates, U+FFFE and U+FFFF. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Finds a text that needs escaping. Most texts need none, and one test is cheaper than two replacements. */
const NEEDS_CARE = /[&<>\r]|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/

/** Escapes text as libxml does between tags. Characters that XML cannot hold become U+FFFD. */
export function escapeText(text: string): string {
  if (!NEEDS_CARE.test(text)) return text
  return text.replace(UNWRITABLE, '\ufffd').replace(SPECIAL, (character) => ESCAPES[character] ?? character)
}

/** Escapes text for the value of a double-quoted attribute. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')
}

const NOT_ASCII = /[^\0-\u007f]/gu

/**
 * Escapes text as libxml does in a document that declares no encoding: characters outside of ASCII become
 * references to their numbers.
 */
export function escapeAscii(text: string): string {
  return escapeText(text)
    .replaceAll('&#13;', '&#xD;')
    .replace(NOT_ASCII, (character) => `&#x${character.codePointAt(0)?.toString(16).toUpperCase()};`)
}
