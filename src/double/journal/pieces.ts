/** The syntax in which a text writes its values. */
export type TextFormat = 'xml' | 'json' | 'form' | 'plain'

/**
 * A part of a text: syntax, or a value.
 *
 * @property raw the part as it is written
 * @property value the decoded value; null for syntax
 * @property role what the place of the value says about it
 */
export interface Piece {
  readonly raw: string
  readonly value: string | null
  readonly role?: Role
}

/**
 * The role of a value: the name of what is called, a request's id, the name of another value, or a value
 * whose name says that it is secret.
 */
export type Role = 'called' | 'id' | 'name' | 'secret'

const SECRET_NAME =
  /pass(?:word|wd|phrase)?$|secret|token|api_?key|credential|signature|nonce|verifier|authoriz|cookie/i

/** Tells the syntax of a text by its beginning. */
export function formatOf(text: string): TextFormat {
  const [first = ''] = /\S/.exec(text) ?? []
  if (first === '<') return 'xml'
  if (first === '{' || first === '[') return 'json'
  return /^[^\s=&]+=/.test(text) ? 'form' : 'plain'
}

/**
 * Splits a text into pieces. Joined, they are the text again. A part that cannot be read counts as a value.
 */
export function piecesOf(text: string, format: TextFormat): readonly Piece[] {
  return READERS[format](text)
}

const READERS: Readonly<Record<TextFormat, (text: string) => readonly Piece[]>> = {
  xml: xmlPieces,
  json: jsonPieces,
  form: formPieces,
  plain: (text) => (text === '' ? [] : [{ raw: text, value: text }]),
}

const CDATA = /^<!\[CDATA\[([\s\S]*)\]\]>$/
const NAME = String.raw`[\p{L}_:][\p{L}\p{N}_:.-]*`
const XML_PART =
  /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(?:"[^"]*"|'[^']*'|[^<>"'])*>|[^<]+|</g
const TAG = new RegExp(
  String.raw`^<(\/?)(${NAME})((?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>$`,
  'u',
)
const ATTRIBUTE = new RegExp(String.raw`(\s+)(${NAME})(\s*=\s*)("[^"<]*"|'[^'<]*')`, 'gu')
const DECLARATION =
  /^<\?xml\s+version=["']1\.\d["'](?:\s+encoding=["'][\w.-]+["'])?(?:\s+standalone=["'](?:yes|no)["'])?\s*\?>$/

/** Attributes that describe how something is written. They hold no values. */
const FORMAL_ATTRIBUTE =
  /^xmlns(?::|$)|^(?:\w+:)?(?:type|nil|arrayType|itemType|arraySize|encodingStyle|mustUnderstand|schemaLocation|id|href|ref|root|offset|position|lang|space|actor|role|relay)$/
const FORMAL_VALUE = /^[\w:/.#[\],*+ -]*$/

function xmlPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let element = ''
  /** Text, CDATA and comments between two tags are one value, even in several parts. */
  let run: { raw: string; value: string } | null = null
  const endRun = () => {
    if (run) pieces.push(withRole(run, element === 'methodName' ? 'called' : secretNamed(element)))
    run = null
  }
  for (const [part] of text.matchAll(XML_PART)) {
    const tag = TAG.exec(part)
    if (tag || DECLARATION.test(part)) {
      endRun()
      element = tag && tag[1] === '' && tag[4] === '' ? localName(tag[2] ?? '') : ''
      pieces.push(...(tag ? tagPieces(tag) : [form(part)]))
    } else {
      const before: { raw: string; value: string } = run ?? { raw: '', value: '' }
      run = { raw: before.raw + part, value: before.value + textOfPart(part) }
    }
  }
  endRun()
  return pieces
}

/** Returns the text that a part between two tags stands for; none for a comment. */
function textOfPart(part: string): string {
  if (part.startsWith('<!--')) return ''
  const [, cdata] = CDATA.exec(part) ?? []
  return cdata ?? unescapedXml(part)
}

function tagPieces([, end = '', name = '', attributes = '', empty = '']: RegExpExecArray): readonly Piece[] {
  const pieces = [form(`<${end}${name}`)]
  let behind = 0
  for (const found of attributes.matchAll(ATTRIBUTE)) {
    const [whole, space = '', attribute = '', equals = '', quoted = ''] = found
    const quote = quoted.charAt(0)
    const raw = quoted.slice(1, -1)
    const isFormal =
      attribute.startsWith('xmlns') || (FORMAL_ATTRIBUTE.test(attribute) && FORMAL_VALUE.test(raw))
    pieces.push(form(`${space}${attribute}${equals}${quote}`))
    pieces.push(isFormal ? form(raw) : withRole({ raw, value: unescapedXml(raw) }, secretNamed(attribute)))
    pieces.push(form(quote))
    behind = (found.index ?? 0) + whole.length
  }
  return [...pieces, form(`${attributes.slice(behind)}${empty}>`)]
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

export function unescapedXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name = '') => {
      if (hex === undefined && decimal === undefined) return ENTITIES[name] ?? whole
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole
    },
  )
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

const JSON_PART = /"(?:[^"\\]|\\[\s\S])*"|[\s{}[\]:,]+|[^\s{}[\]:,"]+|"/g

function jsonPieces(text: string): readonly Piece[] {
  const parts = [...text.matchAll(JSON_PART)].map(([part]) => part)
  const outermost = text.trimStart().startsWith('[') ? 2 : 1
  let member = ''
  let depth = 0
  return parts.map((part, index): Piece => {
    if (/^[\s{}[\]:,]+$/.test(part)) {
      depth += part.replace(/[^{[]/g, '').length - part.replace(/[^}\]]/g, '').length
      if (part.includes(',') && depth <= outermost) member = ''
      return form(part)
    }
    if (/^(?:true|false|null)$/.test(part)) return form(part)
    const value = jsonText(part)
    if (parts[index + 1]?.trimStart().startsWith(':')) {
      member = value
      return { raw: part, value, role: 'name' }
    }
    return withRole({ raw: part, value }, depth === outermost ? outerRole(member) : secretNamed(member))
  })
}

function outerRole(member: string): Role | undefined {
  if (member === 'method') return 'called'
  return member === 'id' || member === 'jsonrpc' ? 'id' : secretNamed(member)
}

function jsonText(part: string): string {
  if (!part.startsWith('"')) return part
  try {
    return String(JSON.parse(part))
  } catch {
    return part
  }
}

function formPieces(text: string): readonly Piece[] {
  let name = ''
  return text.split(/([=&])/).flatMap((raw, index, all): readonly Piece[] => {
    if (raw === '&') name = ''
    if (raw === '') return []
    if (raw === '=' || raw === '&') return [form(raw)]
    const value = percentDecoded(raw)
    if (all[index + 1] !== '=') return [withRole({ raw, value }, secretNamed(name))]
    name = value
    return [{ raw, value, role: 'name' }]
  })
}

/** Decodes a part of a query or a form. A part that cannot be decoded stays as it is. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function secretNamed(name: string): Role | undefined {
  return SECRET_NAME.test(name) ? 'secret' : undefined
}

function withRole(piece: Piece, role: Role | undefined): Piece {
  return role === undefined ? piece : { ...piece, role }
}

function form(raw: string): Piece {
  return { raw, value: null }
}
