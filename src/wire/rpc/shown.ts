/** How many characters of a client's text a message repeats. */
const LONGEST = 1000

/** Returns a client's text for a message to the client: in full, or its beginning. */
export function shown(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}
