/** The largest distance at which two words may still be spellings of the same word. */
const FURTHEST = 4

/**
 * Returns the candidate that a word was probably meant to be: one that differs only in case, else by the
 * fewest letters.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const sameButCase = candidates.find((candidate) => candidate.toLowerCase() === word.trim().toLowerCase())
  if (sameButCase !== undefined) return sameButCase
  const most = Math.min(FURTHEST, Math.floor(word.length / 2))
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((one, other) => one.distance - other.distance)
  return ranked[0]?.candidate ?? null
}

const LONGEST_COMPARED = 255

/** Returns the Levenshtein distance: the number of letters to add, drop or change. */
function distanceOf(one: string, other: string): number {
  if (one.length > LONGEST_COMPARED || other.length > LONGEST_COMPARED) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (const [column, otherLetter] of [...other].entries()) {
      const changed = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1)
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

/** Returns ` Did you mean X?`, or an empty text. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates)
  return found === null ? '' : ` Did you mean ${quoted(found)}?`
}

/** Returns a value of the client as a text that is short enough to read. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
}
