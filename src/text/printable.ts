/** What is not to be seen: control characters, format characters such as those of direction, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * Returns the text as a terminal may show it: whatever is not to be seen is written as its code, such as `\u{1b}`. So no
 * text moves the cursor, colours the screen, begins a line of its own, or turns the line around.
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** Returns JSON of the same value, with whatever is not to be seen written as JSON writes it. Line ends between values stay. */
export function printableJson(json: string): string {
  return json.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)))
}

/** JSON names the units of UTF-16, of which a character has one or two. */
function escaped(character: string): string {
  const units = character.length === 1 ? [0] : [0, 1]
  return units.map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
}
