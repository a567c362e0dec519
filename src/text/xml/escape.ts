const SPECIAL = /[&<>\r]/g
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** What XML 1.0 has no way to write: control characters, lone surrogates, U+FFFE and U+FFFF. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Most texts have none of it, and looking once is cheaper than replacing twice. */
const NEEDS_CARE = /[&<>\r]|[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/

/** Text as libxml writes it between tags. Characters that XML cannot hold become U+FFFD. */
export function escapeText(text: string): string {
  if (!NEEDS_CARE.test(text)) return text
  return text.replace(UNWRITABLE, '\ufffd').replace(SPECIAL, (character) => ESCAPES[character] ?? character)
}

/** Text as the value of a double-quoted attribute. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/"/g, '&quot;').replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')
}

const NOT_ASCII = /[^\0-\u007f]/gu

/** Text as libxml writes it between tags of a document that declares no encoding: what is no ASCII by its number. */
export function escapeAscii(text: string): string {
  return escapeText(text)
    .replaceAll('&#13;', '&#xD;')
    .replace(NOT_ASCII, (character) => `&#x${character.codePointAt(0)?.toString(16).toUpperCase()};`)
}
