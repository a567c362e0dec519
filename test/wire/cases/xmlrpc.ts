import type { Value } from '../../../src/contract/value'

/** Cases of XML-RPC: what a client sends, and what it is answered or what is stored. */

interface XmlRpcFault {
  readonly code: number
  readonly message: string
}

/** A value, and the text that it becomes as an image's label. */
export const VALUES: readonly { readonly sent: string; readonly text: string }[] = [
  { sent: '<value><string>text</string></value>', text: 'text' },
  { sent: '<value>untyped</value>', text: 'untyped' },
  { sent: '<value> un typed\n</value>', text: ' un typed\n' },
  { sent: '<value/>', text: '' },
  { sent: '<value><string/></value>', text: '' },
  { sent: '\n<value>\n<string> kept </string>\n</value>', text: ' kept ' },
  { sent: '<value><string>&lt;&amp;&quot;&#228;</string></value>', text: '<&"ä' },
  { sent: '<value><string>a<![CDATA[<b>]]>c</string></value>', text: 'a<b>c' },
  { sent: '<value><![CDATA[<b>]]></value>', text: '<b>' },
  { sent: '<value><string>one<!-- and -->two</string></value>', text: 'onetwo' },
  { sent: '<value><int>-7</int></value>', text: '-7' },
  { sent: '<value><i4> +7 </i4></value>', text: '7' },
  { sent: '<value><i8>2147483648</i8></value>', text: '2147483648' },
  { sent: '<value><i8>9223372036854775807</i8></value>', text: '9223372036854775807' },
  {
    sent: '<value><ex:i8 xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions">12</ex:i8></value>',
    text: '12',
  },
  { sent: '<value><int>1.9</int></value>', text: '1' },
  { sent: '<value><int>007</int></value>', text: '7' },
  { sent: '<value><int></int></value>', text: '0' },
  { sent: '<value><int>12abc</int></value>', text: '12' },
  { sent: '<value><int>9223372036854775808</int></value>', text: '9223372036854775807' },
  { sent: '<value><int>-12345678901234567890</int></value>', text: '-9223372036854775808' },
  { sent: '<value><i8>0x1f</i8></value>', text: '0' },
  { sent: '<value><i8>12345678901234567890</i8></value>', text: '12345678901234567890' },
  { sent: '<value><boolean>1</boolean></value>', text: '1' },
  { sent: '<value><boolean>yes</boolean></value>', text: '1' },
  { sent: '<value><boolean>false</boolean></value>', text: '1' },
  { sent: '<value><boolean>0</boolean></value>', text: '' },
  { sent: '<value><boolean>true</boolean></value>', text: '1' },
  { sent: '<value><double>-2.50</double></value>', text: '-2.5' },
  { sent: '<value><double>1e25</double></value>', text: '1.0E+25' },
  { sent: '<value><double>100000000000000</double></value>', text: '1.0E+14' },
  { sent: '<value><double>0.1234567890123456</double></value>', text: '0.12345678901235' },
  { sent: '<value><double>0.0001</double></value>', text: '0.0001' },
  { sent: '<value><double>0.00001</double></value>', text: '1.0E-5' },
  { sent: '<value><double>.5</double></value>', text: '0.5' },
  { sent: '<value><double> 3</double></value>', text: '3' },
  { sent: '<value><double>-0</double></value>', text: '-0' },
  { sent: '<value><double>INF</double></value>', text: '0' },
  { sent: '<value><double>NaN</double></value>', text: '0' },
  { sent: '<value><double/></value>', text: '0' },
  { sent: '<value><array><data><value>a</value></data></array></value>', text: 'Array' },
  { sent: '<value><struct/></value>', text: 'Array' },
  {
    sent: '<value><dateTime.iso8601>20260102T03:04:05</dateTime.iso8601></value>',
    text: '20260102T03:04:05',
  },
  { sent: '<value><base64>\nR3LDtsOfZQ==\n</base64></value>', text: 'Größe' },
  { sent: '<value><base64>R3L232U=</base64></value>', text: 'Größe' },
  { sent: '<value><base64/></value>', text: '' },
]

/** Values that leave a label as it was, and are no fault. */
export const NO_VALUES: readonly string[] = [
  '<value><nil/></value>',
  '<value><ex:nil xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions"></ex:nil></value>',
]

/** Values that are fault 636, and change nothing. */
export const INVALID_VALUES: readonly string[] = [
  '<value><int>x</int></value>',
  '<value><int>9300000000000000000</int></value>',
  '<value><i4>12345678901234567890</i4></value>',
  '<value><float>1</float></value>',
  '<value><constructor/></value>',
  '<value><string><b>bold</b></string></value>',
  '<value><string>a</string><string>b</string></value>',
  '<value>a<string>b</string></value>',
  '<value><array><value>no data</value></array></value>',
  '<value><array/></value>',
  '<value><array><data><string>no value</string></data></array></value>',
  '<value><array><data/><data/></array></value>',
  '<value><struct><value>no member</value></struct></value>',
  '<value><struct><member><name>no value</name></member></struct></value>',
  '<value><struct><member><value>no name</value></member></struct></value>',
]

/** Names that a member of a struct may have though JavaScript's objects have them too. */
export const MEMBERS: readonly string[] = ['__proto__', 'constructor', 'hasOwnProperty', '']

/** Methods that are fault 620. */
export const UNKNOWN_METHODS: readonly string[] = [
  'nosuch',
  'Login',
  'system.listMethods',
  '__proto__',
  'constructor',
  ' login',
]

/** Calls whose values are too many, too few or of another type: fault 623. */
export const WRONG_SIGNATURES: readonly { readonly method: string; readonly values: readonly Value[] }[] = [
  { method: 'login', values: [] },
  { method: 'login', values: ['apiUser'] },
  { method: 'login', values: ['apiUser', 'apiKey123', 'more'] },
  { method: 'startSession', values: ['more'] },
  { method: 'endSession', values: [] },
  { method: 'endSession', values: ['x', 'more'] },
  { method: 'call', values: ['x'] },
  { method: 'call', values: ['x', 'product_media.list', [], 'more'] },
  { method: 'multiCall', values: ['x'] },
  { method: 'multiCall', values: ['x', [], [], 'more'] },
  { method: 'resources', values: [] },
  { method: 'resources', values: ['x', 'more'] },
  { method: 'globalFaults', values: [] },
  { method: 'globalFaults', values: ['x', 'more'] },
  { method: 'resourceFaults', values: ['x'] },
  { method: 'resourceFaults', values: ['x', 'product_media', 'more'] },
  { method: 'call', values: ['x', 'product_media.list', 'Sku'] },
  { method: 'call', values: ['x', 'product_media.list', 1] },
  { method: 'call', values: ['x', 'product_media.list', null] },
  { method: 'call', values: ['x', 'product_media.list', new Map()] },
  { method: 'call', values: ['x', 'product_media.list', new Map([['product', 'Sku']])] },
  { method: 'multiCall', values: ['x', 'product_media.list'] },
  { method: 'multiCall', values: ['x', [], true] },
]

/** Requests that cannot be read, in UTF-8 unless said otherwise. */
export interface UnreadableCase {
  readonly what: string
  readonly body: string
  readonly encoding?: BufferEncoding
  readonly fault: XmlRpcFault
}

export const UNREADABLE: readonly UnreadableCase[] = [
  { what: 'nothing', body: '', fault: { code: 630, message: 'Unable to read request' } },
  { what: 'no XML', body: 'login', fault: { code: 630, message: 'Unable to read request' } },
  {
    what: 'XML without an end',
    body: '<methodCall><methodName>login</methodName>',
    fault: { code: 630, message: 'Unable to read request' },
  },
  {
    what: 'XML with something behind it',
    body: '<methodCall><methodName>login</methodName></methodCall><x/>',
    fault: { code: 630, message: 'Unable to read request' },
  },
  {
    what: 'an undeclared prefix',
    body: '<methodCall><methodName>login</methodName><params><param><value><ex:nil/></value></param></params></methodCall>',
    fault: { code: 630, message: 'Unable to read request' },
  },
  {
    what: 'an undeclared entity',
    body: '<methodCall><methodName>login</methodName><params><param><value>&nbsp;</value></param></params></methodCall>',
    fault: { code: 630, message: 'Unable to read request' },
  },
  {
    what: 'a document type',
    body: '<!DOCTYPE methodCall><methodCall><methodName>login</methodName></methodCall>',
    fault: { code: 630, message: 'Unable to read request: it has a document type' },
  },
  {
    what: 'a remote one',
    body: '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><methodCall><methodName>login</methodName></methodCall>',
    fault: { code: 630, message: 'Unable to read request: it has a document type' },
  },
  {
    what: 'entities of entities',
    body: '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><methodCall><methodName>login</methodName><params>&c;</params></methodCall>',
    fault: { code: 630, message: 'Unable to read request: it has a document type' },
  },
  {
    what: 'an entity from outside',
    body: '<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/passwd">]><methodCall><methodName>login</methodName><params>&file;</params></methodCall>',
    fault: { code: 630, message: 'Unable to read request: it has a document type' },
  },
  {
    what: 'bytes that are no UTF-8',
    body: '<methodCall><methodName>login</methodName><params>ÿ</params></methodCall>',
    encoding: 'latin1',
    fault: { code: 630, message: 'Unable to read request' },
  },
  {
    what: 'an unknown encoding',
    body: '<?xml version="1.0" encoding="x-none"?><methodCall><methodName>login</methodName></methodCall>',
    fault: { code: 630, message: 'Unable to read request' },
  },
  {
    what: 'no methodName',
    body: '<methodCall/>',
    fault: {
      code: 632,
      message: "Invalid request, no method passed; request must contain a 'methodName' tag",
    },
  },
  {
    what: 'an empty methodName',
    body: '<methodCall><methodName/></methodCall>',
    fault: {
      code: 632,
      message: "Invalid request, no method passed; request must contain a 'methodName' tag",
    },
  },
  {
    what: 'a methodName with an element in it',
    body: '<methodCall><methodName><methodName>log</methodName>login</methodName></methodCall>',
    fault: {
      code: 632,
      message: "Invalid request, no method passed; request must contain a 'methodName' tag",
    },
  },
  {
    what: 'another document',
    body: '<e:Other xmlns:e="urn:e"><e:Body/></e:Other>',
    fault: {
      code: 632,
      message: "Invalid request, no method passed; request must contain a 'methodName' tag",
    },
  },
  {
    what: 'a param without a value',
    body: '<methodCall><methodName>login</methodName><params><param/></params></methodCall>',
    fault: { code: 633, message: 'Param must contain a value' },
  },
  {
    what: 'a value without a param',
    body: '<methodCall><methodName>login</methodName><params><value>x</value></params></methodCall>',
    fault: { code: 633, message: 'Param must contain a value' },
  },
]
