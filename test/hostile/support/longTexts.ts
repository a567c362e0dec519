import {
  createJsonRpc,
  createSoap,
  createV2,
  createXmlRpc,
  filled,
  HERE,
  type HostileInput,
  jsonRpc,
  loginWith,
  MB,
  rest,
  soap,
  typed,
  withBytes,
  xmlRpc,
  xmlRpcCall,
} from './requests'

const INVALID_XML = /^500 .*<faultcode>Sender<.*Invalid XML/s
const XML_RPC_UNREADABLE = /^200 .*<int>630</s
const DENIED = /^200 .*<faultcode>2</s
const NOT_BASE64 = /not valid base64 data/
const NO_METHOD = /^200 .*<int>6[0-9]{2}</s

/** As much as fits below the limit of a body with what stands around it. */
const LARGE = 60 * MB

const inLogin = (bytes: Buffer | string) => soap(withBytes(loginWith(HERE), bytes))

/** One text, attribute, comment or name that is as long as a body may be. */
export const LONG_TEXTS: readonly HostileInput[] = [
  {
    name: 'SOAP: 60 MB of letters',
    request: () => inLogin(filled(LARGE, 'a')),
    says: DENIED,
  },
  {
    name: 'SOAP: 60 MB of letters and one that takes two bytes in memory',
    request: () => inLogin(Buffer.concat([filled(LARGE, 'a'), Buffer.from('€')])),
    says: DENIED,
  },
  { name: 'SOAP: 60 MB of umlauts', request: () => inLogin(filled(LARGE, 'äöü')), says: DENIED },
  {
    name: 'SOAP: 60 MB of Windows’ letters',
    request: () =>
      soap(
        withBytes(
          loginWith(HERE).replace('UTF-8', 'windows-1252'),
          Buffer.alloc(LARGE, Buffer.from([0x80, 0x41, 0x41, 0x41])),
        ),
      ),
    says: DENIED,
  },
  {
    name: 'SOAP: 60 MB in UTF-16',
    request: () =>
      soap(Buffer.from(`\ufeff${loginWith('a'.repeat(LARGE / 2)).replace('UTF-8', 'UTF-16')}`, 'utf16le')),
    says: DENIED,
  },
  { name: 'SOAP: 60 MB of &lt;', request: () => inLogin(filled(LARGE, '&lt;')), says: DENIED },
  { name: 'SOAP: 60 MB of &#13;', request: () => inLogin(filled(LARGE, '&#13;\n')), says: DENIED },
  {
    name: 'SOAP: one reference of 60 MB',
    request: () => inLogin(withBytes(`&#${HERE}65;`, filled(LARGE, '0'))),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: 60 MB of white space',
    request: () => inLogin(filled(LARGE, ' \n\r\t')),
    says: /^200 .*<faultcode>[26]</s,
  },
  {
    name: 'SOAP: 60 MB of carriage returns',
    request: () => inLogin(filled(LARGE, '\r')),
    says: /^200 .*<faultcode>[26]</s,
  },
  {
    name: 'SOAP: 60 MB of white space between elements',
    request: () =>
      soap(withBytes(loginWith('a').replace('<apiKey>', `${HERE}<apiKey>`), filled(LARGE, ' \n'))),
    says: DENIED,
  },
  {
    name: 'SOAP: 60 MB of CDATA',
    request: () => inLogin(withBytes(`<![CDATA[${HERE}]]>`, filled(LARGE, 'a'))),
    says: DENIED,
  },
  {
    name: 'SOAP: 60 MB of brackets in CDATA',
    request: () => inLogin(withBytes(`<![CDATA[${HERE}]]>`, filled(LARGE, ']'))),
    says: DENIED,
  },
  {
    name: 'SOAP: 60 MB of comment',
    request: () => inLogin(withBytes(`a<!--${HERE}-->`, filled(LARGE, '- '))),
    says: DENIED,
  },
  {
    name: 'SOAP: 60 MB of processing instruction',
    request: () => inLogin(withBytes(`a<?a ${HERE}?>`, filled(LARGE, '? '))),
    says: /^(?:200|500) .*Fault/s,
  },
  {
    name: 'SOAP: an attribute of 60 MB',
    request: () =>
      soap(withBytes(loginWith('a').replace('<username>', `<username a="${HERE}">`), filled(LARGE, '&lt;'))),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: a name of 60 MB',
    request: () => inLogin(withBytes(`<${HERE}/>`, filled(LARGE, 'a'))),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: an instruction’s name of 60 MB',
    request: () => inLogin(withBytes(`<?${HERE}?>`, filled(LARGE, 'a'))),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: 60 MB before the root element',
    request: () => soap(withBytes(`<?xml version="1.0"?>${HERE}<a/>`, filled(LARGE, ' '))),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: 60 MB behind the root element',
    request: () => soap(withBytes(loginWith('a') + HERE, filled(LARGE, '\n'))),
    says: DENIED,
  },
  {
    name: 'SOAP: 60 MB that are no UTF-8 at their end',
    request: () => inLogin(Buffer.concat([filled(LARGE, 'a'), Buffer.from([0xc3, 0x28])])),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: 60 MB of nothing but <',
    request: () => soap(filled(LARGE, '<')),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: a session id of 60 MB',
    request: () => soap(withBytes(createSoap(HERE, { content: 'QQ==' }), filled(LARGE, 'f'))),
    says: /^200 .*<faultcode>5</s,
  },
  {
    name: 'SOAP: an SKU of 60 MB',
    request: ({ session }) =>
      soap(
        withBytes(createSoap(session, { content: 'QQ==' }).replace('>Sku<', `>${HERE}<`), filled(LARGE, 'S')),
      ),
    says: /^200 .*<faultcode>101</s,
  },
  {
    name: 'SOAP: an SKU of 60 MB of digits',
    request: ({ session }) =>
      soap(
        withBytes(createSoap(session, { content: 'QQ==' }).replace('>Sku<', `>${HERE}<`), filled(LARGE, '1')),
      ),
    says: /^200 .*<faultcode>101</s,
  },
  {
    name: 'SOAP: a store view of 60 MB',
    request: ({ session }) =>
      soap(
        withBytes(
          createSoap(session, { content: 'QQ==' }).replace('</args>', `<item>${HERE}</item></args>`),
          filled(LARGE, 's'),
        ),
      ),
    says: /^200 .*<faultcode>100</s,
  },
  {
    name: 'SOAP: a path of 60 MB of dots',
    request: ({ session }) =>
      soap(
        withBytes(
          createSoap(session, { content: '' }).replace('product_media.create', HERE),
          filled(LARGE, '.'),
        ),
      ),
    says: /^200 .*<faultcode>3</s,
  },
  {
    name: 'SOAP: an integer of 60 MB',
    request: ({ session }) =>
      soap(
        withBytes(
          createSoap(session, { content: 'QQ==' }).replace('<item>Sku<', `<item xsi:type="xsd:int">${HERE}<`),
          filled(LARGE, '1'),
        ),
      ),
    says: /^(?:200|500) .*Fault/s,
  },
  {
    name: 'SOAP: a normalized string of 60 MB',
    request: ({ session }) =>
      soap(
        withBytes(
          createSoap(session, { content: 'QQ==' }).replace(
            '<item>Sku<',
            `<item xsi:type="xsd:token">${HERE}<`,
          ),
          filled(LARGE, ' a\n'),
        ),
      ),
    says: /^(?:200|500) .*Fault/s,
  },
  {
    name: 'SOAP: hexadecimal of 60 MB',
    request: ({ session }) =>
      soap(
        withBytes(
          createSoap(session, { content: 'QQ==' }).replace(
            '<item>Sku<',
            `<item xsi:type="xsd:hexBinary">${HERE}<`,
          ),
          filled(LARGE, 'f0'),
        ),
      ),
    says: /^(?:200|500) .*Fault/s,
  },
  ...(['A', 'A-', '====', 'A!', ' A\n', 'gICA'] as const).map(
    (unit): HostileInput => ({
      name: `SOAP: 60 MB of ${JSON.stringify(unit)} as base64Binary`,
      request: ({ session }) =>
        soap(
          withBytes(
            createSoap(session, { content: 'QQ==' }).replace(
              '<item>Sku<',
              `<item xsi:type="xsd:base64Binary">${HERE}<`,
            ),
            filled(LARGE, unit),
          ),
        ),
      says: /^(?:200|500) .*Fault/s,
    }),
  ),
  {
    name: 'SOAP: a label of 60 MB',
    request: ({ session }) =>
      soap(
        withBytes(
          createSoap(session, {
            content: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
            mime: 'image/gif',
            label: HERE,
          }),
          filled(LARGE, 'L'),
        ),
      ),
    says: /^200 .*<faultcode>102</s,
  },
  {
    name: 'SOAP: a file name of 60 MB',
    request: ({ session }) =>
      soap(
        withBytes(
          createSoap(session, {
            content: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
            name: HERE,
          }),
          filled(LARGE, 'n'),
        ),
      ),
    says: /^200 .*<faultcode>104</s,
  },
  ...(['A', 'A!', '=', 'AA\n', '&#13;\nA'] as const).map(
    (unit): HostileInput => ({
      name: `SOAP: an image of 60 MB of ${JSON.stringify(unit)}`,
      request: ({ session }) => soap(withBytes(createSoap(session, { content: HERE }), filled(LARGE, unit))),
      says: /^200 .*<faultcode>10[24]</s,
    }),
  ),
  {
    name: 'v2: an image of 60 MB that are no base64',
    request: ({ session }) =>
      typed(
        withBytes(
          createV2(session, { content: HERE }),
          Buffer.concat([filled(LARGE, 'A'), Buffer.from('!')]),
        ),
      ),
    says: NOT_BASE64,
  },
  {
    name: 'XML-RPC: 60 MB of &lt;',
    request: () => xmlRpc(withBytes(xmlRpcCall([HERE, 'a']), filled(LARGE, '&lt;'))),
    says: /^200 .*<int>5</s,
  },
  {
    name: 'XML-RPC: 60 MB of white space in a value',
    request: () => xmlRpc(withBytes(xmlRpcCall([`${HERE}<string>a</string>`, 'a']), filled(LARGE, ' '))),
    says: /^200 .*<int>636</s,
  },
  {
    name: 'XML-RPC: a method of 60 MB',
    request: () =>
      xmlRpc(withBytes(`<methodCall><methodName>${HERE}</methodName></methodCall>`, filled(LARGE, 'm'))),
    says: NO_METHOD,
  },
  {
    name: 'XML-RPC: an integer of 60 MB',
    request: () => xmlRpc(withBytes(xmlRpcCall([`<int>${HERE}</int>`, 'a']), filled(LARGE, '1'))),
    says: /^200 .*<int>(?:5|636)</s,
  },
  {
    name: 'XML-RPC: base64 of 60 MB in base64',
    request: ({ session }) =>
      xmlRpc(withBytes(createXmlRpc(session, { content: HERE }, 'base64'), filled(LARGE, 'QUFB'))),
    says: /^200 .*<int>636</s,
  },
  {
    name: 'XML-RPC: 60 MB of no UTF-8 in base64',
    request: ({ session }) =>
      xmlRpc(withBytes(createXmlRpc(session, { content: HERE }, 'base64'), filled(LARGE, 'gICA'))),
    says: /^200 .*<int>636</s,
  },
  {
    name: 'XML-RPC: an entity that nobody knows behind 60 MB',
    request: () => xmlRpc(withBytes(xmlRpcCall([`${HERE}&nbsp;`]), filled(LARGE, 'a'))),
    says: XML_RPC_UNREADABLE,
  },
  ...(['a', '\\\\', '\\"', '\\u0041', 'ä'] as const).map(
    (unit): HostileInput => ({
      name: `JSON-RPC: a text of 60 MB of ${unit}`,
      request: ({ session }) =>
        jsonRpc(withBytes(createJsonRpc(session, { content: HERE }), filled(LARGE, unit))),
      says: /"code":10[24]/,
    }),
  ),
  {
    name: 'JSON-RPC: 60 MB of white space',
    request: () => jsonRpc(withBytes(`{${HERE}}`, filled(LARGE, ' \n'))),
    says: /"code":-32600/,
  },
  {
    name: 'JSON-RPC: a number of 60 MB',
    request: () => jsonRpc(withBytes(`[${HERE}]`, filled(LARGE, '1'))),
    says: /"code":-32[67]00/,
  },
  {
    name: 'JSON-RPC: a name of 60 MB',
    request: () => jsonRpc(withBytes(`{"${HERE}":1}`, filled(LARGE, 'n'))),
    says: /"code":-32600/,
  },
  {
    name: 'JSON-RPC: a method of 60 MB',
    request: () => jsonRpc(withBytes(`{"jsonrpc":"2.0","id":1,"method":"${HERE}"}`, filled(LARGE, 'm'))),
    says: /"code":-32[67]0[01]/,
  },
  {
    name: 'JSON-RPC: an id of 60 MB',
    request: () =>
      jsonRpc(withBytes(`{"jsonrpc":"2.0","id":"${HERE}","method":"nosuch"}`, filled(LARGE, 'i'))),
    says: /"code":-32[67]0[01]/,
  },
  {
    name: 'JSON-RPC: a text of 60 MB without an end',
    request: () => jsonRpc(withBytes(`["${HERE}`, filled(LARGE, '\\"'))),
    says: /"code":-32700/,
  },
  {
    name: 'REST: JSON of 60 MB',
    request: (target) =>
      rest(
        target,
        'application/json',
        withBytes(`{"file_mime_type":"image/png","file_content":"${HERE}"}`, filled(LARGE, 'A')),
      ),
    says: /^400 /,
  },
  {
    name: 'REST: XML of 60 MB of &lt;',
    request: (target) =>
      rest(
        target,
        'text/xml',
        withBytes(
          `<a><file_mime_type>image/png</file_mime_type><file_content>${HERE}</file_content></a>`,
          filled(LARGE, '&lt;'),
        ),
      ),
    says: /^400 /,
  },
  ...(['a', '%41', '+', '%', 'a&', '&', 'a=b&', '%80', '\u0080'] as const).map(
    (unit): HostileInput => ({
      name: `REST: a form of 60 MB of ${JSON.stringify(unit)}`,
      request: (target) =>
        rest(
          target,
          'application/x-www-form-urlencoded',
          withBytes(`file_mime_type=image%2Fpng&file_content=${HERE}`, filled(LARGE, unit)),
        ),
      says: /^4\d\d /,
    }),
  ),
]
