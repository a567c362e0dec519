import fc, { type Arbitrary } from 'fast-check'
import type { SoapVersion } from '../../../src/wire/soap/namespaces'

const NAMESPACES: Readonly<Record<string, string>> = {
  m: 'urn:Magento',
  xsd: 'http://www.w3.org/2001/XMLSchema',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  old: 'http://www.w3.org/1999/XMLSchema',
  enc: 'http://schemas.xmlsoap.org/soap/encoding/',
  enc12: 'http://www.w3.org/2003/05/soap-encoding',
  map: 'http://xml.apache.org/xml-soap',
}

const ENVELOPES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

/** What an envelope is made of, each part as XML; by itself it calls `endSession`. */
export interface EnvelopeParts {
  readonly before?: string
  readonly namespace?: string
  readonly root?: string
  readonly attributes?: string
  readonly header?: string
  readonly bodyName?: string
  readonly bodyAttributes?: string
  readonly body?: string
  readonly behindBody?: string
  readonly behind?: string
}

/** An envelope of that version, in which every prefix of {@link NAMESPACES} is declared, and `e` is the envelope's. */
export function envelope(version: SoapVersion, parts: EnvelopeParts = {}): string {
  const {
    before = '',
    root = 'e:Envelope',
    attributes = '',
    header = '',
    behindBody = '',
    behind = '',
  } = parts
  const {
    bodyName = 'e:Body',
    bodyAttributes = '',
    body = '<m:endSession><sessionId/></m:endSession>',
  } = parts
  const own = ` xmlns:e="${parts.namespace ?? ENVELOPES[version]}"`
  const declared = own + Object.entries(NAMESPACES).map(declaration).join('')
  const content = `${header}<${bodyName}${bodyAttributes}>${body}</${bodyName}>${behindBody}`
  return `${before}<${root}${declared}${attributes}>${content}</${root}>${behind}`
}

function declaration([prefix, namespace]: readonly [string, string]): string {
  return ` xmlns:${prefix}="${namespace}"`
}

/** An envelope around a `call` with these arguments. */
export function callOf(version: SoapVersion, args: string, behind = ''): string {
  return envelope(version, {
    body: `<m:call><sessionId>s</sessionId><resourcePath>p</resourcePath>${args}</m:call>${behind}`,
  })
}

const texts = fc.oneof(
  fc.constantFrom('', ' ', 'abc', ' a  b\n c ', '1', '-7', '+7', ' 42 ', '12abc', '1.5', '1e3', '.5', '0x1A'),
  fc.constantFrom('007', '99999999999', 'true', 'false', 'TRUE', 'f', '0', 'NaN', 'INF', '-INF', 'aGFsbG8='),
  fc.constantFrom('aGFs bG8', '68616C6c6f', '&lt;b&gt; &amp; &#228;', 'äöü €', '😀', '2024-01-02T03:04:05'),
  fc.integer().map(String),
)

/** Text as documents hold it: plain, in CDATA, and broken up by what is no text. */
export const contents = fc.oneof(
  { weight: 20, arbitrary: texts },
  { weight: 3, arbitrary: texts.map((text) => `<![CDATA[${text}]]>`) },
  {
    weight: 1,
    arbitrary: fc.tuple(texts, texts).map(([before, behind]) => `${before}<!-- no text -->${behind}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(texts, texts).map(([before, behind]) => `${before}<![CDATA[${behind}]]>`),
  },
  { weight: 1, arbitrary: texts.map((text) => `${text}<?no text?>`) },
  {
    weight: 1,
    arbitrary: joined(fc.constantFrom(' ', '\n ', 'a', '<![CDATA[b ]]>', '<!-- no text -->'), 5),
  },
)

const integers = fc.integer().map(String)
const floats = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)
const base64 = fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64'))

/** A type, and a text that is of that type. */
const rightlyTyped: Arbitrary<readonly [type: string, text: string]> = fc.oneof(
  fc.tuple(fc.constantFrom('xsd:string', 'enc:string', 'old:string', 'xsd:anyType'), texts),
  fc.tuple(fc.constantFrom('xsd:int', 'xsd:long', 'enc:int', 'xsd:integer', 'xsd:float'), integers),
  fc.tuple(fc.constantFrom('xsd:float', 'xsd:double'), floats),
  fc.tuple(fc.constant('xsd:boolean'), fc.constantFrom('true', 'false', '1', '0')),
  fc.tuple(fc.constant('xsd:base64Binary'), base64),
)

const schemaTypes = fc.constantFrom(
  ...['string', 'normalizedString', 'token', 'boolean', 'int', 'long', 'short', 'byte', 'integer', 'float'],
  ...[
    'positiveInteger',
    'nonNegativeInteger',
    'unsignedInt',
    'unsignedByte',
    'double',
    'decimal',
    'dateTime',
  ],
  ...['date', 'anyURI', 'QName', 'base64Binary', 'hexBinary', 'anyType', 'ur-type', 'ID', 'NMTOKENS', 'nil'],
  ...['timeInstant', 'noSuchType'],
)

const anyTypes = fc.oneof(
  fc
    .tuple(fc.constantFrom('xsd', 'xsd', 'xsd', 'enc', 'old', 'enc12'), schemaTypes)
    .map(([prefix, type]) => `${prefix}:${type}`),
  fc.constantFrom(
    'm:Unknown',
    'xsi:nil',
    'enc:Struct',
    'enc:Array',
    'map:Map',
    'Map',
    'string',
    'nowhere:int',
    '',
  ),
)

const fieldNames = fc.constantFrom('label', 'file', 'label', 'm:name', 'item', '__proto__')

/** So many elements stand behind the call, for references to point to; one more reference points nowhere. */
const SHARED = 3

/** An element of that name with anything in it, which may refer to the shared elements from the first on. */
export function element(name: string, depth: number, firstShared: number): Arbitrary<string> {
  const leaves = [
    {
      weight: 4,
      arbitrary: rightlyTyped.map(([type, text]) => `<${name} xsi:type="${type}">${text}</${name}>`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(typeAttribute(anyTypes), contents)
        .map(([type, content]) => `<${name}${type}>${content}</${name}>`),
    },
    { weight: 1, arbitrary: nil(name) },
    { weight: 1, arbitrary: reference(name, firstShared) },
  ]
  if (depth === 0) return fc.oneof(...leaves)
  return fc.oneof(
    ...leaves,
    { weight: 2, arbitrary: array(name, depth - 1, firstShared) },
    { weight: 2, arbitrary: map(name, depth - 1, firstShared) },
    { weight: 2, arbitrary: struct(name, depth - 1, firstShared) },
  )
}

function typeAttribute(types: Arbitrary<string>): Arbitrary<string> {
  return fc.oneof(
    types.map((type) => ` xsi:type="${type}"`),
    fc.constant(''),
  )
}

export function nil(name: string): Arbitrary<string> {
  const marks = fc.constantFrom(' xsi:nil="true"', ' xsi:nil="1"', ' nil="true"', ' xsi:nil="false"')
  return fc
    .tuple(marks, typeAttribute(anyTypes), texts)
    .map(([mark, type, text]) => `<${name}${mark}${type}>${text}</${name}>`)
}

export function reference(name: string, firstShared: number): Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom('href="#', 'enc12:ref="#', 'enc12:ref="'),
      fc.integer({ min: firstShared, max: SHARED }),
    )
    .map(([attribute, index]) => `<${name} ${attribute}shared${index}"/>`)
}

function array(name: string, depth: number, firstShared: number): Arbitrary<string> {
  const extents = fc.oneof(
    fc
      .tuple(anyTypes, fc.constantFrom('[]', '[2]', ''))
      .map(([type, extent]) => ` enc:arrayType="${type}${extent}"`),
    anyTypes.map((type) => ` enc12:itemType="${type}"`),
    fc.constantFrom('', ' enc12:arraySize="2"', ' enc12:arraySize="*"'),
  )
  const items = fc.oneof(element('item', depth, firstShared), field(depth, firstShared))
  return fc
    .tuple(extents, typeAttribute(fc.constantFrom('enc:Array', 'enc12:Array')), children(items))
    .map(([extent, type, content]) => `<${name}${extent}${type}>${content}</${name}>`)
}

export function map(name: string, depth: number, firstShared: number): Arbitrary<string> {
  const keyTypes = fc.constantFrom(' xsi:type="xsd:string"', ' xsi:type="xsd:int"', '')
  const key = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(keyTypes, fc.constantFrom('label', 'file', '0', '1', '7', '01', '__proto__'))
        .map(([type, text]) => `<key${type}>${text}</key>`),
    },
    { weight: 1, arbitrary: oddKeys },
  )
  const value = element('value', depth, firstShared)
  const entries = fc.oneof(
    { weight: 30, arbitrary: fc.tuple(key, value).map(([k, v]) => `<item>${k}${v}</item>`) },
    { weight: 1, arbitrary: fc.tuple(key, value).map(([k, v]) => `<item>${v}${k}</item>`) },
    { weight: 1, arbitrary: fc.oneof(key, value).map((part) => `<item>${part}</item>`) },
    { weight: 1, arbitrary: fc.constantFrom('<other/>', '<item/>') },
  )
  return children(entries).map((content) => `<${name} xsi:type="map:Map">${content}</${name}>`)
}

const oddKeys = fc.constantFrom(
  ...['<key xsi:type="xsd:boolean">1</key>', '<key xsi:nil="true"/>', '<key><a/></key>', '<key/>'],
  ...['<key xsi:type="xsd:float">1.5</key>', '<key xsi:type="xsd:int"/>', '<key xsi:type="xsd:int">x</key>'],
  ...[
    `<key href="#shared${SHARED}"/>`,
    '<key xsi:type="xsd:int"> 12 </key>',
    '<key xsi:type="xsd:int">+3</key>',
  ],
)

export function struct(name: string, depth: number, firstShared: number): Arbitrary<string> {
  const types = fc.constantFrom('enc:Struct', 'enc12:Struct', 'm:Unknown', 'xsd:anyType', 'nowhere:Thing')
  return fc
    .tuple(typeAttribute(types), children(field(depth, firstShared)))
    .map(([type, content]) => `<${name}${type}>${content}</${name}>`)
}

function field(depth: number, firstShared: number): Arbitrary<string> {
  return fieldNames.chain((name) => element(name, depth, firstShared))
}

/** Some elements, and between them what does not count. */
function children(each: Arbitrary<string>): Arbitrary<string> {
  const between = fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom('\n  ', '<!-- between -->', ' text ') },
  )
  return joined(
    fc.tuple(each, between).map((parts) => parts.join('')),
    4,
  )
}

export function joined(parts: Arbitrary<string>, maxLength: number): Arbitrary<string> {
  return fc.array(parts, { maxLength }).map((chosen) => chosen.join(''))
}

/** Each refers only to those behind it, and is itself no reference. */
export const sharedElements = fc
  .tuple(
    ...Array.from({ length: SHARED }, (_, index) => element('multiRef', 1, index + 1).filter(isNoReference)),
  )
  .map((elements) =>
    elements.map((xml, index) =>
      xml.replace('<multiRef', `<multiRef id="shared${index}" enc12:id="shared${index}"`),
    ),
  )

function isNoReference(xml: string): boolean {
  return !/^<multiRef [^>]*ref=/.test(xml)
}

const PARTS: Readonly<Record<string, readonly string[]>> = {
  multiCall: ['sessionId', 'calls', 'options'],
  login: ['username', 'apiKey'],
  endSession: ['sessionId'],
  startSession: [],
  resourceFaults: ['resourceName', 'sessionId'],
}

/** An operation with parts of its names, of other names, too few or too many of them. */
const operations = fc.constantFrom(...Object.keys(PARTS)).chain((operation) => {
  const names = fc.constantFrom(...(PARTS[operation] ?? []), 'param0', 'extra')
  return children(names.chain((name) => element(name, 2, 0))).map(
    (parts) => `<m:${operation}>${parts}</m:${operation}>`,
  )
})

const calls = element('args', 3, 0).map(
  (args) => `<m:call><sessionId>s</sessionId><resourcePath>p</resourcePath>${args}</m:call>`,
)

/** Well-formed requests of either version, as clients of every make might write them; some of them wrong. */
export const requests: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom<SoapVersion>('1.1', '1.1', '1.2'),
    fc.oneof({ weight: 5, arbitrary: calls }, { weight: 2, arbitrary: operations }),
    sharedElements,
  )
  .map(([version, body, shared]) =>
    envelope(version, { body: body.includes('shared') ? body + shared.join('') : body }),
  )
