import fc, { type Arbitrary } from 'fast-check'
import { CORPUS } from './corpus'
import type { DialectName } from './dialects'

/**
 * A request that some client once sent, with a few things done to it. Inputs are handled as texts of one character for
 * each byte, so that whatever cuts them cuts bytes.
 */
export function mutated(dialect: DialectName): Arbitrary<Buffer> {
  const syntax = dialect === 'JSON-RPC' ? JSON_SYNTAX : XML_SYNTAX
  const names = Object.keys(syntax.mutations)
  const step = fc.tuple(fc.constantFrom(...names), fc.nat(), fc.nat(), fc.nat())
  const steps = fc.array(step, { minLength: 1, maxLength: 4 })
  return fc.tuple(fc.constantFrom(...CORPUS[dialect]), steps).map(([body, chosen]) => {
    let text = body.toString('latin1')
    for (const [name, a, b, c] of chosen)
      text = (syntax.mutations[name] as Mutation)(text, a, b, c).slice(0, LONGEST)
    return Buffer.from(text, 'latin1')
  })
}

/** Copies of copies grow fast, and what is over the limit of bodies never reaches a decoder. */
const LONGEST = 65_536

/** What is done to a text, and three numbers that say where and how. */
type Mutation = (text: string, a: number, b: number, c: number) => string

interface Syntax {
  readonly mutations: Readonly<Record<string, Mutation>>
}

/** Where one thing of a text stands. */
interface Span {
  readonly start: number
  readonly end: number
}

const anySpan = (text: string, a: number, b: number): Span => {
  const start = a % (text.length + 1)
  return { start, end: Math.min(text.length, start + (b % 64)) }
}

const replaced = (text: string, { start, end }: Span, by: string) =>
  text.slice(0, start) + by + text.slice(end)

const contentOf = (text: string, { start, end }: Span) => text.slice(start, end)

const inserted = (text: string, at: number, what: string) => {
  const place = at % (text.length + 1)
  return replaced(text, { start: place, end: place }, what)
}

/** One of the things that the pattern finds; an empty place when there is none. */
function found(text: string, pattern: RegExp, which: number): Span {
  const matches = [...text.matchAll(pattern)]
  const match = matches[which % Math.max(1, matches.length)]
  return match
    ? { start: match.index, end: match.index + match[0].length }
    : { start: text.length, end: text.length }
}

function swapped(text: string, one: Span, other: Span): string {
  const [first, second] = one.start <= other.start ? [one, other] : [other, one]
  if (first.end > second.start) return text
  return [
    text.slice(0, first.start),
    contentOf(text, second),
    text.slice(first.end, second.start),
    contentOf(text, first),
    text.slice(second.end),
  ].join('')
}

function pick<T>(from: readonly T[], which: number): T {
  return from[which % from.length] as T
}

/** What knows no syntax. */
const BYTES: Readonly<Record<string, Mutation>> = {
  'flip a bit': (text, a, b) => {
    const at = a % Math.max(1, text.length)
    const byte = text.charCodeAt(at) ^ (1 << (b % 8))
    return text === '' ? text : replaced(text, { start: at, end: at + 1 }, String.fromCharCode(byte))
  },
  'cut the end off': (text, a) => text.slice(0, a % (text.length + 1)),
  'cut the start off': (text, a) => text.slice(a % (text.length + 1)),
  'remove a span': (text, a, b) => replaced(text, anySpan(text, a, b), ''),
  'repeat a span': (text, a, b, c) => {
    const span = anySpan(text, a, b)
    return replaced(text, span, contentOf(text, span).repeat((c % 8) + 2))
  },
  'copy a span elsewhere': (text, a, b, c) => inserted(text, c, contentOf(text, anySpan(text, a, b))),
  'swap two spans': (text, a, b, c) => swapped(text, anySpan(text, a, b), anySpan(text, c, b)),
  'go on as another request': (text, a, b, c) => {
    const all = Object.values(CORPUS).flat()
    const other = pick(all, b).toString('latin1')
    return text.slice(0, a % (text.length + 1)) + other.slice(c % (other.length + 1))
  },
  'another number': (text, a, b) => replaced(text, found(text, /-?\d+(?:\.\d+)?/g, a), pick(NUMBERS, b)),
  'another encoding': (text, a) => pick(ENCODINGS, a)(text),
  'some bytes': (text, a, b) => inserted(text, a, pick(ODD_BYTES, b)),
}

const NUMBERS = [
  ...[
    '0',
    '-0',
    '-1',
    '2147483648',
    '-2147483649',
    '9007199254740993',
    '18446744073709551616',
    '1e400',
    '-1e400',
  ],
  ...[
    '1e-400',
    '0x1F',
    '.5',
    '5.',
    '+7',
    ' 7 ',
    '07',
    '1_000',
    'NaN',
    'INF',
    '9'.repeat(400),
    `1${'0'.repeat(4000)}`,
  ],
]

const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')

const ENCODINGS: readonly ((text: string) => string)[] = [
  (text) => `\xff\xfe${Buffer.from(utf8(text), 'utf16le').toString('latin1')}`,
  (text) => Buffer.from(utf8(text), 'utf16le').toString('latin1'),
  (text) => `\xfe\xff${Buffer.from(utf8(text), 'utf16le').swap16().toString('latin1')}`,
  (text) => `\xef\xbb\xbf${text}`,
  (text) => Buffer.from(utf8(text), 'latin1').toString('latin1'),
  ...[
    'ISO-8859-1',
    'UTF-16',
    'utf-8',
    'windows-1252',
    'us-ascii',
    'Shift_JIS',
    'UTF-7',
    'x-user-defined',
    '__proto__',
  ].map(
    (name) => (text: string) =>
      `<?xml version="1.0" encoding="${name}"?>${text.replace(/^<\?xml[^>]*>/, '')}`,
  ),
]

const ODD_BYTES = [
  ...[
    '\0',
    '\x01',
    '\x1b',
    '\x7f',
    '\x80',
    '\xff',
    '\xfe\xff',
    '\xc3',
    '\xc3(',
    '\xed\xa0\x80',
    '\xf4\x90\x80\x80',
  ],
  ...[
    '\xef\xbf\xbf',
    '\xef\xbb\xbf',
    '\xe2\x80\xa8',
    '\xf0\x9f\x99\x82',
    '\r',
    '\r\n',
    '\t',
    '__proto__',
    'constructor',
  ],
]

const TAG = /<[^<>]*>/g
const START_TAG = /<[A-Za-z][^<>]*>/g
const ATTRIBUTE = /\s[\w:.-]+="[^"]*"/g
const TYPE = /(?<=:type=")[^"]*(?=")/g
const TEXT = /(?<=>)[^<>]+(?=<)/g
const NAME = /(?<=<\/?(?:[\w.-]+:)?)[\w.-]+/g

/** The innermost elements, and those that hold only them. */
const ELEMENT = /<([\w:.-]+)(?:\s[^<>]*)?>(?:[^<]|<([\w:.-]+)(?:\s[^<>]*)?>[^<]*<\/\2>)*<\/\1>/g

const withAttribute = (text: string, tag: Span, attribute: string) =>
  tag.start === tag.end
    ? text
    : replaced(text, tag, contentOf(text, tag).replace(/(?=\/?>$)/, ` ${attribute}`))

const XML: Readonly<Record<string, Mutation>> = {
  'remove a tag': (text, a) => replaced(text, found(text, TAG, a), ''),
  'repeat a tag': (text, a, b) => {
    const tag = found(text, TAG, a)
    return replaced(text, tag, contentOf(text, tag).repeat((b % 3) + 2))
  },
  'swap two tags': (text, a, b) => swapped(text, found(text, TAG, a), found(text, TAG, b)),
  'remove an element': (text, a) => replaced(text, found(text, ELEMENT, a), ''),
  'repeat an element': (text, a, b) => {
    const element = found(text, ELEMENT, a)
    return replaced(text, element, contentOf(text, element).repeat((b % 40) + 2))
  },
  'swap two elements': (text, a, b) => swapped(text, found(text, ELEMENT, a), found(text, ELEMENT, b)),
  'put an element into another': (text, a, b) => {
    const copy = contentOf(text, found(text, ELEMENT, a))
    const { end } = found(text, START_TAG, b)
    return replaced(text, { start: end, end }, copy)
  },
  'nest an element in itself': (text, a, b) => {
    const element = found(text, ELEMENT, a)
    const copy = contentOf(text, element)
    const [open = '', close = ''] = [/^<[^<>]*>/.exec(copy)?.[0], /<\/[^<>]*>$/.exec(copy)?.[0]]
    const depth = pick([1, 2, 5, 100, 255, 300], b)
    return replaced(text, element, open.repeat(depth) + copy + close.repeat(depth))
  },
  'another name': (text, a, b) => replaced(text, found(text, NAME, a), pick(NAMES, b)),
  'the name of another tag': (text, a, b) =>
    replaced(text, found(text, NAME, a), contentOf(text, found(text, NAME, b))),
  'remove an attribute': (text, a) => replaced(text, found(text, ATTRIBUTE, a), ''),
  'swap two attributes': (text, a, b) => swapped(text, found(text, ATTRIBUTE, a), found(text, ATTRIBUTE, b)),
  'repeat an attribute': (text, a, b) => {
    const attribute = contentOf(text, found(text, ATTRIBUTE, a))
    return withAttribute(text, found(text, START_TAG, b), attribute)
  },
  'one more attribute': (text, a, b) => withAttribute(text, found(text, START_TAG, a), pick(ATTRIBUTES, b)),
  'another type': (text, a, b) => replaced(text, found(text, TYPE, a), pick(TYPES, b)),
  'swap two types': (text, a, b) => swapped(text, found(text, TYPE, a), found(text, TYPE, b)),
  'refer from one element to another': (text, a, b) => {
    const named = withAttribute(text, found(text, START_TAG, a), 'id="here"')
    return withAttribute(named, found(named, START_TAG, b), 'href="#here"')
  },
  'refer to each other': (text, a, b) => {
    const one = withAttribute(text, found(text, START_TAG, a), 'id="one" href="#other"')
    return withAttribute(one, found(one, START_TAG, b), 'id="other" href="#one"')
  },
  'another text': (text, a, b) => replaced(text, found(text, TEXT, a), pick(TEXTS, b)),
  'put a text into CDATA': (text, a) => {
    const place = found(text, TEXT, a)
    return replaced(text, place, `<![CDATA[${contentOf(text, place)}]]>`)
  },
  'some markup': (text, a, b) => inserted(text, a, pick(MARKUP, b)),
  'a document type': (text, a) => text.replace(/(?<=^(?:<\?xml[^>]*\?>)?)/, pick(DOCTYPES, a)),
}

const NAMES = [
  ...[
    'call',
    'login',
    'multiCall',
    'resources',
    'endSession',
    'startSession',
    'Envelope',
    'Body',
    'Header',
    'Fault',
  ],
  ...[
    'loginParam',
    'catalogProductAttributeMediaList',
    'catalogProductAttributeMediaListRequestParam',
    'CALL',
  ],
  ...[
    'item',
    'key',
    'value',
    'complexObjectArray',
    'data',
    'file',
    'types',
    'sessionId',
    'product',
    'productId',
  ],
  ...[
    'methodCall',
    'methodName',
    'params',
    'param',
    'array',
    'struct',
    'member',
    'name',
    'i4',
    'nil',
    'base64',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'xmlns', 'xml:x', 'a:b:c', '1', '\xc3\xa4'],
]

const TYPES = [
  ...['string', 'int', 'boolean', 'float', 'base64Binary', 'hexBinary', 'dateTime', 'anyType', 'QName'].map(
    (name) => `xsd:${name}`,
  ),
  ...[
    'SOAP-ENC:Array',
    'SOAP-ENC:Struct',
    'ns2:Map',
    'Map',
    ':',
    'xsd:',
    '',
    'nowhere:int',
    'xsi:nil',
    'xml:x',
  ],
  ...['ArrayOfString', 'FixedArray', 'catalogProductAttributeMediaCreateEntity', '__proto__'].map(
    (name) => `ns1:${name}`,
  ),
]

const ATTRIBUTES = [
  ...TYPES.map((type) => `xsi:type="${type}"`),
  ...['xsi:nil="true"', 'nil="1"', 'id="a"', 'href="#a"', 'href=""', 'href="#"', 'href="http://127.0.0.1/"'],
  ...[
    'SOAP-ENC:arrayType="xsd:string[99999999999]"',
    'SOAP-ENC:arrayType="xsd:int[,,]"',
    'SOAP-ENC:arrayType=""',
  ],
  ...['SOAP-ENC:offset="[-1]"', 'arraySize="*"', 'SOAP-ENV:mustUnderstand="1"', 'SOAP-ENV:encodingStyle="x"'],
  ...[
    'xmlns="urn:Magento"',
    'xmlns:ns1=""',
    'xmlns:xsi="urn:x"',
    'xml:id="a"',
    'xmlns:xml="x"',
    'a="&lt;"',
    'a="<"',
  ],
  ...["b='\"'", '__proto__="1"', 'constructor="1"', 'xmlns:__proto__="urn:x"', '__proto__:a="1"'],
]

const TEXTS = [
  ...NUMBERS,
  ...[
    '',
    ' ',
    '\n\t',
    'true',
    '&#0;',
    '&#x10FFFF;',
    '&#xD800;',
    '&amp;amp;',
    '&nbsp;',
    '&e;',
    '&',
    '!!!!',
    'aGk=',
  ],
  ...[
    'product_media.list',
    'product_media.',
    '.',
    'constructor.constructor',
    '__proto__.toString',
    'a'.repeat(5000),
  ],
]

const MARKUP = [
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    '<!',
    '<!--',
    '-->',
    '<!-- a -->',
    '<![CDATA[',
    ']]>',
    '<![CDATA[]]>',
    '<?a?>',
    '<?xml?>',
  ],
  ...[
    '<?xml version="1.0"?>',
    '<?xml version="1.1"?>',
    '<a/>',
    '<a>',
    '</a>',
    '<x:a/>',
    '<a b="1" b="2"/>',
    '&lt;',
    '&a;',
  ],
  ...['<!ENTITY a "b">', '<>', '</>', '<a', '<a b', '<a b=', '<a b="', '<a/ >', '< a/>', '<a xmlns:b=""/>'],
]

const DOCTYPES = [
  ...[
    '<!DOCTYPE a>',
    '<!DOCTYPE a [<!ENTITY e "x">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1/x">',
    '<!DOCTYPE',
  ],
  ...[
    '<!DOCTYPE a [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]>',
    '<!DOCTYPE a [<!ATTLIST call b CDATA "c">]>',
  ],
]

const TOKEN = /"(?:[^"\\]|\\.)*"|[-+.\w]+|[{}[\],:]/g
const SCALAR = /"(?:[^"\\]|\\.)*"(?!\s*:)|(?<![\w"])[-+.\w]+(?![\w"])/g
const JSON_NAME = /"(?:[^"\\]|\\.)*"(?=\s*:)/g
const COLLECTION = /\[[^[\]{}]*\]|\{[^[\]{}]*\}/g

const JSON_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'remove a token': (text, a) => replaced(text, found(text, TOKEN, a), ''),
  'repeat a token': (text, a, b) => {
    const token = found(text, TOKEN, a)
    return replaced(text, token, contentOf(text, token).repeat((b % 3) + 2))
  },
  'swap two tokens': (text, a, b) => swapped(text, found(text, TOKEN, a), found(text, TOKEN, b)),
  'another scalar': (text, a, b) => replaced(text, found(text, SCALAR, a), pick(SCALARS, b)),
  'swap two scalars': (text, a, b) => swapped(text, found(text, SCALAR, a), found(text, SCALAR, b)),
  'another name': (text, a, b) => replaced(text, found(text, JSON_NAME, a), `"${pick(JSON_NAMES, b)}"`),
  'a collection for a scalar': (text, a, b) =>
    replaced(text, found(text, SCALAR, a), contentOf(text, found(text, COLLECTION, b)) || '{}'),
  'remove a collection': (text, a) => replaced(text, found(text, COLLECTION, a), ''),
  'repeat a collection': (text, a, b) => {
    const collection = found(text, COLLECTION, a)
    const copies = Array.from({ length: (b % 120) + 2 }, () => contentOf(text, collection))
    return replaced(text, collection, copies.join(','))
  },
  'nest a value': (text, a, b, c) => {
    const value = found(text, pick([SCALAR, COLLECTION], c), a)
    const depth = pick([1, 2, 100, 255, 256, 300, 20_000], b)
    const [open, close] = c % 4 < 2 ? ['[', ']'] : ['{"a":', '}']
    return replaced(text, value, open.repeat(depth) + contentOf(text, value) + close.repeat(depth))
  },
  'a batch': (text, a) => `[${Array.from({ length: (a % 103) + 1 }, () => text).join(',')}]`,
  'some JSON': (text, a, b) =>
    inserted(text, a, pick([...'[]{},:"\\', 'null', '\\u0000', '\\ud800', '//', "'"], b)),
}

const SCALARS = [
  ...NUMBERS,
  ...[
    'null',
    'true',
    'false',
    'undefined',
    '""',
    '"2.0"',
    '"call"',
    '"\\u0000"',
    '"\\ud800"',
    '"\\x"',
    '"__proto__"',
  ],
  ...[
    '"login"',
    '"multiCall"',
    '"product_media.create"',
    '"product_media.list"',
    '"constructor"',
    '[]',
    '{}',
  ],
]

const JSON_NAMES = [
  ...[
    'jsonrpc',
    'method',
    'params',
    'id',
    'sessionId',
    'args',
    'calls',
    '0',
    '1',
    '',
    '__proto__',
    'constructor',
  ],
]

const XML_SYNTAX: Syntax = { mutations: { ...BYTES, ...XML } }
const JSON_SYNTAX: Syntax = { mutations: { ...BYTES, ...JSON_MUTATIONS } }
