/** Of what a client sent, as much as a message repeats, in characters. */
const LONGEST = 1000

/** A text of a client's, in a message to it: as it is, or its beginning. */
export function shown(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}
