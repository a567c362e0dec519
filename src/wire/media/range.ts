/** From a first byte to a last, from a first on, or the last so many (RFC 9110, 14.1.2). */
const ONE_RANGE = /^bytes= *(?:([0-9]+)-([0-9]*)|-([0-9]+)) *$/i

/**
 * The one range that a Range header asks for of so many bytes, both ends included; null for none, and for several.
 *
 * Express's `request.range` does not do: for more last bytes than there are it answers that there is no such range, where
 * RFC 9110 means all bytes; it tells no unit of a range that it refuses; and of several it drops those that it refuses.
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
