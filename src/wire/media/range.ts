/** From a first byte to a last, from a first on, or the last so many (RFC 9110, 14.1.2). */
const ONE_RANGE = /^bytes= *(?:([0-9]+)-([0-9]*)|-([0-9]+)) *$/i

/** The one range that a Range header asks for of so many bytes, both ends included; null for none, and for several. */
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
