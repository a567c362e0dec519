/**
 * The longest number, boolean or date of any protocol, in characters. A longer one is refused (decision 015).
 */
export const LONGEST_SCALAR = 256 * 1024
