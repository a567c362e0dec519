/** The two formats of answers. */
export type Format = 'json' | 'xml'

/**
 * The format for each range of an Accept header. A browser needs no special case: XHTML, which it prefers, is
 * XML.
 */
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['application/json', 'json'],
  ['application/*', 'json'],
  ['*/*', 'json'],
  ['text/xml', 'xml'],
  ['text/*', 'xml'],
  ['application/xml', 'xml'],
  ['application/xhtml+xml', 'xml'],
])

/**
 * Returns the format of the answer (magento.md §4): that of the range with the highest quality, of equal ones
 * the first. Without the header, it is XML.
 *
 * @returns null when the client takes neither
 */
export function acceptedFormat(accept: string | undefined): Format | null {
  if (accept === undefined || accept.trim() === '') return 'xml'
  const only = FORMATS.get(accept)
  if (only) return only
  let best: Format | null = null
  let highest = 0
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const format = FORMATS.get(name)
    const quality = qualityOf(parameters)
    if (format === undefined || quality <= highest) continue
    best = format
    highest = quality
  }
  return best
}

const QUALITY = /^q *= *([01](?:\.[0-9]*)?)$/

/** Returns the weight of a range (RFC 9110, 12.4.2), 1 by default. */
function qualityOf(parameters: readonly string[]): number {
  const given = parameters
    .map((parameter) => QUALITY.exec(parameter)?.[1])
    .find((weight) => weight !== undefined)
  return given === undefined ? 1 : Math.min(Number(given), 1)
}
