/**
 * What a column of the database can hold. Whoever looks for something else finds nothing, and need not ask: PostgreSQL
 * would answer with an error.
 */

/** The largest id: columns of ids have 32 bits with a sign. */
export const LARGEST_ID = 2_147_483_647

/** Whether a column of ids can hold it: a whole number from 0, the id of the default scope, to {@link LARGEST_ID}. */
export function isStorableId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= LARGEST_ID
}

/** Whether a column of texts can hold it: PostgreSQL has no way to store or compare a NUL. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0')
}

/** The id, from 1 on, that a text of decimal digits stands for; null for any other text. */
export function readId(text: string): number | null {
  const id = Number(text)
  return /^[0-9]+$/.test(text) && id >= 1 && id <= LARGEST_ID ? id : null
}
