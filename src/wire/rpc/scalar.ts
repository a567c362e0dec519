/** In characters: a number, a boolean or a date of any protocol is short, and a longer one is refused (decision 015). */
export const LONGEST_SCALAR = 256 * 1024
