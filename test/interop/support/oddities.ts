import type { SoapVersion } from '../../../src/wire/soap/namespaces'
import type { EnvelopeParts } from './requests'

/** Arguments of a call, and what stands behind the call. */
export const ARGUMENTS: readonly (readonly [what: string, args: string, behind: string])[] = [
  ['CDATA between white space', '<args>\n  <![CDATA[a & b]]>\n</args>', ''],
  ['CDATA sections in a row', '<args><![CDATA[a]]> <![CDATA[b]]></args>', ''],
  ['CDATA behind text', '<args>a<![CDATA[b]]></args>', ''],
  ['a number in CDATA', '<args xsi:type="xsd:int"><![CDATA[5]]></args>', ''],
  ['white space alone', '<args> \n </args>', ''],
  ['white space before a comment', '<args> <!-- c -->a</args>', ''],
  ['hexBinary', '<args xsi:type="xsd:hexBinary">68616C6c6F</args>', ''],
  ['hexBinary with a letter that is no digit', '<args xsi:type="xsd:hexBinary">6x</args>', ''],
  ['base64Binary in the alphabet of URLs', '<args xsi:type="xsd:base64Binary">-_9h</args>', ''],
  ['base64Binary over lines', '<args xsi:type="xsd:base64Binary">aGFs\n  bG8=\n</args>', ''],
  ['base64Binary that is no UTF-8', '<args xsi:type="xsd:base64Binary">/9j/4A==</args>', ''],
  ['a boolean that is none', '<args xsi:type="xsd:boolean">maybe</args>', ''],
  ['an empty boolean', '<args xsi:type="xsd:boolean"/>', ''],
  ['an empty number', '<args xsi:type="xsd:int"/>', ''],
  ['a number behind a plus', '<args xsi:type="xsd:int">+5</args>', ''],
  ['a date', '<args xsi:type="xsd:dateTime"> 2024-01-02T03:04:05Z </args>', ''],
  ['a type of 1999', '<args xsi:type="old:int">5</args>', ''],
  ['a type that 1999 had not', '<args xsi:type="old:integer">5</args>', ''],
  ['a type of the encoding', '<args xsi:type="enc:int">5</args>', ''],
  ['a type whose prefix is not declared', '<args xsi:type="nowhere:int">5</args>', ''],
  ['an unknown type with children', '<args xsi:type="m:Thing"><a>1</a><a>2</a><b/></args>', ''],
  ['nil with content', '<args xsi:nil="true">5</args>', ''],
  ['an empty map', '<args xsi:type="map:Map"/>', ''],
  ['a map with one key twice', `<args xsi:type="map:Map">${entry('a', '1')}${entry('a', '2')}</args>`, ''],
  [
    'a map with the keys of a list',
    `<args xsi:type="map:Map">${entry('0', 'a')}${entry('1', 'b')}</args>`,
    '',
  ],
  ['a map entry without a value', '<args xsi:type="map:Map"><item><key>a</key></item></args>', ''],
  ['a map entry without a key', '<args xsi:type="map:Map"><item><value>a</value></item></args>', ''],
  ['the WSDL’s array', '<args xsi:type="m:FixedArray"><item>1</item></args>', ''],
  ['an array of typed items', '<args enc:arrayType="xsd:int[2]"><item>1</item><item>2</item></args>', ''],
  ['an array of arrays', '<args xsi:type="enc:Array"><item xsi:type="enc:Array"/><item/></args>', ''],
  ['a reference', '<args href="#a"/>', '<x id="a" xsi:type="xsd:int">5</x>'],
  ['a reference of SOAP 1.2', '<args enc12:ref="a"/>', '<x enc12:id="a" xsi:type="xsd:int">5</x>'],
  ['a reference to a reference', '<args href="#a"/>', '<x id="a" href="#b"/><x id="b">5</x>'],
  [
    'three references in a row',
    '<args href="#a"/>',
    '<x id="a" href="#b"/><x id="b" href="#c"/><x id="c">5</x>',
  ],
  ['a reference to nothing', '<args href="#a"/>', ''],
  ['a reference to elsewhere', '<args href="http://127.0.0.1/a"/>', ''],
  ['a map that holds itself', '<args href="#a"/>', `<x id="a" xsi:type="map:Map">${holding('a')}</x>`],
  [
    'one element that two types refer to',
    '<args xsi:type="enc:Array"><a enc:arrayType="enc:Struct[1]"><b href="#a"/></a><b href="#a"/></args>',
    '<x id="a" enc:arrayType="xsd:string[1]"><y>1</y></x>',
  ],
]

function entry(key: string, value: string): string {
  return `<item><key>${key}</key><value>${value}</value></item>`
}

function holding(id: string): string {
  return `<item><key>self</key><value href="#${id}"/></item>`
}

/** Envelopes with one thing that is not as usual. */
export const WHOLE_ENVELOPES: readonly (readonly [what: string, parts: EnvelopeParts])[] = [
  ['an envelope as it should be', {}],
  ['an XML declaration', { before: '<?xml version="1.0" encoding="UTF-8"?>\n' }],
  ['comments and instructions around the envelope', { before: '<!-- c --><?i?>', behind: '<?i?><!-- c -->' }],
  ['a DTD without entities', { before: '<!DOCTYPE x>' }],
  ['another namespace of the envelope', { namespace: 'urn:x' }],
  ['another root', { root: 'e:Envelop' }],
  ['a root in no namespace', { root: 'Envelope' }],
  ['an attribute of the envelope', { attributes: ' a="b"' }],
  ['a qualified attribute of the envelope', { attributes: ' m:a="b"' }],
  ['an encoding style of the envelope', { attributes: ' e:encodingStyle="urn:x"' }],
  ['an empty header', { header: '<e:Header/>' }],
  ['an attribute of the header', { header: '<e:Header a="b"/>' }],
  ['an encoding style of the header', { header: '<e:Header e:encodingStyle="urn:x"/>' }],
  ['a header in another namespace', { header: '<m:Header/>' }],
  ['text before the body', { header: ' text ' }],
  ['an attribute of the body', { bodyAttributes: ' a="b"' }],
  ['an encoding style of the body', { bodyAttributes: ' e:encodingStyle="urn:x"' }],
  ['a body in no namespace', { bodyName: 'Body' }],
  ['a body by another name', { bodyName: 'e:body' }],
  ['an element behind the body', { behindBody: '<m:x/>' }],
  ['a second body', { behindBody: '<e:Body/>' }],
  ['an empty body', { body: '' }],
  ['a body of text', { body: ' text ' }],
  ['text around the operation', { body: ' a <m:endSession><sessionId/></m:endSession> b ' }],
  ['an operation in another case', { body: '<m:ENDsession><sessionId/></m:ENDsession>' }],
  ['an operation in no namespace', { body: '<endSession><sessionId/></endSession>' }],
  ['an unknown operation', { body: '<m:nothing/>' }],
  ['two operations', { body: '<m:startSession/><m:endSession/>' }],
  ['an encoding style of the operation', { body: '<m:startSession e:encodingStyle="urn:x"/>' }],
  ['an empty encoding style of the operation', { body: '<m:startSession e:encodingStyle=""/>' }],
  ['the encoding style of SOAP 1.1', { body: `<m:startSession e:encodingStyle="${styleOf('1.1')}"/>` }],
  ['the encoding style of SOAP 1.2', { body: `<m:startSession e:encodingStyle="${styleOf('1.2')}"/>` }],
  ['an operation without parts', { body: '<m:endSession/>' }],
  ['an operation with white space in place of parts', { body: '<m:endSession>\n</m:endSession>' }],
  ['parts by position', { body: '<m:login><a>x</a><b>y</b></m:login>' }],
  ['a part too many', { body: '<m:login><a>x</a><b>y</b><c>z</c></m:login>' }],
  ['a part where none is asked for', { body: '<m:startSession><a>x</a></m:startSession>' }],
  ['parts in a namespace', { body: '<m:login><m:apiKey>x</m:apiKey><m:username>y</m:username></m:login>' }],
]

function styleOf(version: SoapVersion): string {
  return version === '1.1'
    ? 'http://schemas.xmlsoap.org/soap/encoding/'
    : 'http://www.w3.org/2003/05/soap-encoding'
}

/** The attributes of a header entry. */
export const HEADER_ENTRIES: readonly string[] = [
  'e:mustUnderstand="1"',
  'e:mustUnderstand="0"',
  'e:mustUnderstand="true"',
  'e:mustUnderstand="false"',
  'e:mustUnderstand="maybe"',
  'mustUnderstand="1"',
  'e:mustUnderstand="1" e:actor="http://schemas.xmlsoap.org/soap/actor/next"',
  'e:mustUnderstand="1" e:actor="urn:somebody-else"',
  'e:mustUnderstand="1" e:role="http://www.w3.org/2003/05/soap-envelope/role/next"',
  'e:mustUnderstand="1" e:role="http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"',
  'e:mustUnderstand="1" e:role="http://www.w3.org/2003/05/soap-envelope/role/none"',
  'e:encodingStyle="urn:x"',
]
