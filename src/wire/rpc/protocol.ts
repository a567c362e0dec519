/** The protocols of calls. */
export type Protocol = 'SOAP' | 'XML-RPC' | 'JSON-RPC'

const LOOKED_AT = 1024

/** The parts that may precede the root element: a byte order mark, white space, declarations and comments. */
const PROLOG = /^(?:\u00ef\u00bb\u00bf)?(?:\s|<\?(?:[^?]|\?(?!>))*\?>|<!--(?:[^-]|-(?!->))*-->)*/

const OPENINGS: readonly (readonly [Protocol, RegExp])[] = [
  ['XML-RPC', /^<methodCall[\s>]/],
  ['SOAP', /^<(?:[\w.-]+:)?Envelope[\s>]/],
  ['JSON-RPC', /^[{[].*"jsonrpc"/s],
]

/** Tells the protocol of a body by its beginning; null when the beginning does not show it. */
export function protocolOf(body: Buffer): Protocol | null {
  const text = body.toString('latin1', 0, LOOKED_AT)
  const opening = text.slice(PROLOG.exec(text)?.[0].length ?? 0)
  return OPENINGS.find(([, pattern]) => pattern.test(opening))?.[0] ?? null
}
