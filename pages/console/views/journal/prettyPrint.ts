const TOKENS = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<[^>]*>?|[^<]+/g
const INDENT = '  '

/** Returns the body with one line for each element or member. A body that is neither XML nor JSON stays unchanged. */
export function prettyPrint(body: string): string {
  const start = body.trimStart()[0]
  if (start === '<') return prettyXml(body)
  return start === '{' || start === '[' ? prettyJson(body) : body
}

/** Indents XML, even if it is malformed. It changes nothing but the white space between tags. */
function prettyXml(xml: string): string {
  const tokens = (xml.match(TOKENS) ?? []).filter((token) => token.trim() !== '')
  const lines: string[] = []
  let depth = 0
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? ''
    const leaf = leafAt(tokens, index)
    if (isClosing(token)) depth = Math.max(0, depth - 1)
    lines.push(INDENT.repeat(depth) + (leaf === null ? token.trim() : leaf.join('')))
    if (leaf !== null) index += leaf.length - 1
    else if (isOpening(token)) depth++
  }
  return lines.join('\n')
}

/**
 * Returns the tokens of an element that contains only text, or nothing, and so fits on one line; null for any other.
 */
function leafAt(tokens: readonly string[], index: number): readonly string[] | null {
  const [open = '', next = '', last = ''] = tokens.slice(index, index + 3)
  if (!isOpening(open)) return null
  if (isClosing(next)) return [open, next]
  return !next.startsWith('<') && isClosing(last) ? [open, next, last] : null
}

function isOpening(token: string): boolean {
  return /^<[^/?!]/.test(token) && token.endsWith('>') && !token.endsWith('/>')
}

function isClosing(token: string): boolean {
  return token.startsWith('</')
}

function prettyJson(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}
