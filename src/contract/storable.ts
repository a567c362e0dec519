/**
 * Bounds of the values that columns of the database can hold. A search for any other value finds nothing, so
 * the database is not asked: PostgreSQL would answer with an error.
 */

/** The largest id: columns of ids have 32 bits with a sign. */
export const LARGEST_ID = 2_147_483_647

/**
 * Whether a column of ids can hold the number: a whole number from 0, the id of the default scope, to
 * {@link LARGEST_ID}.
 */
export function isStorableId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= LARGEST_ID
}

/** Whether a column of texts can hold the text: PostgreSQL can neither store nor compare a NUL. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0')
}

/** Reads an id from 1 on, written in decimal digits; null for any other text. */
export function readId(text: string): number | null {
  const id = Number(text)
  return /^[0-9]+$/.test(text) && id >= 1 && id <= LARGEST_ID ? id : null
}
