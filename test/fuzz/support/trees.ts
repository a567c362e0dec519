import fc, { type Arbitrary } from 'fast-check'
import { SOAP_11_ENVELOPE, SOAP_12_ENVELOPE } from '../../../src/wire/soap/namespaces'
import type { DialectName } from './dialects'

/** Requests that no client ever sent: shaped as the dialect's are, with anything in the places of anything. */
export function trees(dialect: DialectName): Arbitrary<Buffer> {
  return TREES[dialect].map((text) => Buffer.from(text))
}

const PATHS = [
  'product_media.list',
  'product_media.create',
  'product_media.update',
  'product_media.info',
  'a.b',
  '',
]

const texts = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '1',
    '-1',
    '1.5',
    'true',
    'abc',
    'image/gif',
    'R0lGODlhAQ==',
    'ä€😀',
    '2147483648',
  ),
  fc.constantFrom(...PATHS),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)

const markup = texts.map((text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`))

function joined(parts: Arbitrary<string>, maxLength: number): Arbitrary<string> {
  return fc.array(parts, { maxLength, depthIdentifier: 'tree' }).map((chosen) => chosen.join(''))
}

function element(names: Arbitrary<string>, attributes: Arbitrary<string>, content: Arbitrary<string>) {
  return fc
    .tuple(names, attributes, content)
    .map(([name, given, inside]) =>
      inside === '' ? `<${name}${given}/>` : `<${name}${given}>${inside}</${name}>`,
    )
}

const XSD_TYPES = ['string', 'int', 'boolean', 'float', 'base64Binary', 'hexBinary', 'dateTime', 'anyType']
const TYPES = [
  ...XSD_TYPES.map((name) => `xsd:${name}`),
  ...['enc:Array', 'enc:Struct', 'enc12:Array', 'map:Map', 'm:ArrayOfString', 'm:FixedArray', 'no:Thing'],
  ...['m:catalogProductAttributeMediaCreateEntity', 'm:catalogProductImageFileEntity'],
]

const soapAttributes = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 6, arbitrary: fc.constantFrom(...TYPES).map((type) => ` xsi:type="${type}"`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ' xsi:nil="true"',
      ' href="#a"',
      ' href="#b"',
      ' id="a"',
      ' id="b"',
      ' enc12:ref="a"',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ' enc:arrayType="xsd:int[2]"',
      ' enc:arrayType="map:Map[]"',
      ' enc12:itemType="xsd:int"',
    ),
  },
)

const FIELDS = [
  'item',
  'key',
  'value',
  'complexObjectArray',
  'data',
  'file',
  'content',
  'mime',
  'name',
  'label',
]

const soapValue = fc.letrec<{ value: string; content: string }>((tie) => ({
  value: element(
    fc.constantFrom(...FIELDS, 'position', 'types', 'exclude', '__proto__', 'constructor', 'm:a'),
    soapAttributes,
    tie('content'),
  ),
  content: fc.oneof(
    { depthIdentifier: 'tree', maxDepth: 5 },
    markup,
    joined(tie('value'), 4),
    fc
      .tuple(tie('value'), tie('value'))
      .map(([key, value]) => `<item><key>a</key>${key}</item><item>${value}</item>`),
  ),
})).content

function soap(operations: readonly string[], parts: readonly string[]): Arbitrary<string> {
  const part = element(fc.constantFrom(...parts), soapAttributes, soapValue)
  const inOrder = fc
    .tuple(
      fc.constantFrom(...PATHS),
      ...parts.slice(2, 5).map((name) => element(fc.constant(name), soapAttributes, soapValue)),
    )
    .map(
      ([path, ...others]) => `<sessionId>s</sessionId><resourcePath>${path}</resourcePath>${others.join('')}`,
    )
  const body = element(fc.constantFrom(...operations), fc.constant(''), fc.oneof(joined(part, 6), inOrder))
  const behind = joined(element(fc.constant('multiRef'), soapAttributes, soapValue), 2)
  const header = fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: element(fc.constant('e:Header'), fc.constant(''), soapValue) },
  )
  return fc
    .tuple(fc.constantFrom(SOAP_11_ENVELOPE, SOAP_12_ENVELOPE), header, body, behind)
    .map(
      ([namespace, head, call, references]) =>
        `<e:Envelope xmlns:e="${namespace}"${DECLARATIONS}>${head}<e:Body>${call}${references}</e:Body></e:Envelope>`,
    )
}

const DECLARATIONS = [
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  ' xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:enc12="http://www.w3.org/2003/05/soap-encoding"',
  ' xmlns:map="http://xml.apache.org/xml-soap" xmlns:m="urn:Magento"',
].join('')

const OPERATIONS = ['call', 'call', 'call', 'multiCall', 'login', 'startSession', 'endSession', 'resources']
const FAULT_OPERATIONS = ['globalFaults', 'resourceFaults', 'nothing', '__proto__', 'constructor']
const METHODS = ['CurrentStore', 'List', 'Info', 'Types', 'Create', 'Update', 'Remove', 'Nothing']
const V2_OPERATIONS = METHODS.map((method) => `catalogProductAttributeMedia${method}`)

const inMagento = (name: string) => `m:${name}`
const asParameter = (name: string) => `${name}Param`

const xmlRpcValue = fc.letrec<{ value: string; typed: string; content: string }>((tie) => ({
  value: fc.oneof(
    { weight: 20, arbitrary: tie('typed').map((typed) => `<value>${typed}</value>`) },
    {
      weight: 1,
      arbitrary: element(fc.constantFrom(...FIELDS, 'array', 'param'), fc.constant(''), tie('typed')),
    },
  ),
  typed: fc.oneof(
    { depthIdentifier: 'tree', maxDepth: 5 },
    markup,
    element(
      fc.constantFrom(
        'string',
        'int',
        'i4',
        'i8',
        'double',
        'boolean',
        'base64',
        'nil',
        'dateTime.iso8601',
        'ex:i8',
      ),
      fc.constant(''),
      markup,
    ),
    fc.integer().map((integer) => `<int>${integer}</int>`),
    joined(tie('value'), 4).map((values) => `<array><data>${values}</data></array>`),
    joined(tie('content'), 4).map((members) => `<struct>${members}</struct>`),
  ),
  content: fc
    .tuple(markup, tie('value'))
    .map(([name, value]) => `<member><name>${name}</name>${value}</member>`),
})).value

const asParams = (values: readonly string[]) => values.map((value) => `<param>${value}</param>`).join('')

const xmlRpcCall = fc
  .tuple(fc.constantFrom(...PATHS), fc.array(xmlRpcValue, { maxLength: 4 }))
  .map(([path, values]): [string, string] => [
    'call',
    asParams([
      '<value>s</value>',
      `<value>${path}</value>`,
      `<value><array><data>${values.join('')}</data></array></value>`,
    ]),
  ])

const xmlRpcAnything = fc.tuple(
  fc.constantFrom(...OPERATIONS, ...FAULT_OPERATIONS, 'system.listMethods', ''),
  fc.array(xmlRpcValue, { maxLength: 4 }).map(asParams),
)

const xmlRpc = fc
  .oneof(xmlRpcCall, xmlRpcAnything)
  .map(
    ([method, params]) =>
      `<?xml version="1.0"?><methodCall xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions"><methodName>${method}</methodName><params>${params}</params></methodCall>`,
  )

const jsonNames = fc.oneof(
  fc.constantFrom(
    ...FIELDS,
    'sessionId',
    'resourcePath',
    'args',
    'calls',
    '__proto__',
    'constructor',
    '0',
    '',
  ),
  texts,
)

const jsonValue = fc.letrec<{ value: string; member: string }>((tie) => ({
  value: fc.oneof(
    { depthIdentifier: 'tree', maxDepth: 6 },
    fc.oneof(texts, fc.constantFrom(...PATHS)).map((text) => JSON.stringify(text)),
    fc
      .oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null))
      .map((scalar) => JSON.stringify(scalar)),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'tree' }).map((items) => `[${items.join()}]`),
    fc
      .array(tie('member'), { maxLength: 4, depthIdentifier: 'tree' })
      .map((members) => `{${members.join()}}`),
  ),
  member: fc.tuple(jsonNames, tie('value')).map(([name, value]) => `${JSON.stringify(name)}:${value}`),
}))

const jsonRequest = fc
  .tuple(
    fc.constantFrom('"2.0"', '"2.0"', '"2.0"', '"2.0"', '"1.0"', '2.0'),
    fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom(...OPERATIONS, ...FAULT_OPERATIONS).map((name) => `"${name}"`),
      },
      { weight: 1, arbitrary: jsonValue.value },
    ),
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.array(jsonValue.value, { maxLength: 3 }).map((params) => `"s",${params.join()}`),
      },
      { weight: 1, arbitrary: jsonValue.value },
    ),
    fc.oneof(
      fc.constantFrom('', ',"id":1', ',"id":"a"', ',"id":null'),
      jsonValue.value.map((id) => `,"id":${id}`),
    ),
  )
  .map(([version, method, params, id]) => `{"jsonrpc":${version},"method":${method},"params":${params}${id}}`)

const jsonCall = fc
  .tuple(
    fc.constantFrom(...PATHS),
    fc.array(jsonValue.value, { maxLength: 4 }),
    fc.constantFrom(',"id":1', ',"id":"a"', ''),
  )
  .map(
    ([path, args, id]) => `{"jsonrpc":"2.0","method":"call","params":["s","${path}",[${args.join()}]]${id}}`,
  )

const jsonRequests = fc.oneof(jsonRequest, jsonCall)

const jsonRpc = fc.oneof(
  { weight: 8, arbitrary: jsonRequests },
  {
    weight: 2,
    arbitrary: fc.array(jsonRequests, { maxLength: 5 }).map((requests) => `[${requests.join()}]`),
  },
  { weight: 1, arbitrary: jsonValue.value },
)

const TREES: Readonly<Record<DialectName, Arbitrary<string>>> = {
  'SOAP v1': soap([...OPERATIONS, ...FAULT_OPERATIONS].map(inMagento), [
    ...['sessionId', 'resourcePath', 'args', 'args', 'calls', 'options', 'username', 'apiKey', 'a'],
  ]),
  'SOAP v2': soap([...OPERATIONS, ...FAULT_OPERATIONS, ...V2_OPERATIONS, ...V2_OPERATIONS].map(inMagento), [
    ...[
      'sessionId',
      'product',
      'file',
      'data',
      'data',
      'storeView',
      'identifierType',
      'setId',
      'username',
      'a',
    ],
  ]),
  'WS-I': soap(
    [...OPERATIONS.map(asParameter), ...V2_OPERATIONS.flatMap((name) => [`${name}RequestParam`, name])].map(
      inMagento,
    ),
    ['sessionId', 'productId', 'file', 'data', 'data', 'store', 'identifierType', 'setId', 'username', 'a'],
  ),
  'XML-RPC': xmlRpc,
  'JSON-RPC': jsonRpc,
}
