/**
 * The forms of one range: first and last byte, from a first byte on, or the last n bytes (RFC 9110, 14.1.2).
 */
const ONE_RANGE = /^bytes= *(?:([0-9]+)-([0-9]*)|-([0-9]+)) *$/i

/**
 * Returns the one range that a Range header asks for, both ends included; null for none, and for several.
 * Express's `request.range` is not used. It refuses a request for more last bytes than there are, which by
 * RFC 9110 asks for all bytes; it does not tell the unit of a range that it refuses; and of several ranges it
 * drops those that it refuses.
 */
export function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const range = ONE_RANGE.exec(header ?? '')
  if (!range) return null
  const [, first, last, suffix] = range
  const start = suffix === undefined ? Number(first) : Math.max(size - Number(suffix), 0)
  const end = last ? Math.min(Number(last), size - 1) : size - 1
  return start <= end ? { start, end } : 'unsatisfiable'
}
