import { element, envelope } from '../../support/soap'
import {
  filled,
  HERE,
  type HostileInput,
  jsonRpc,
  jsonRpcCall,
  listWith,
  MB,
  soap,
  times,
  typed,
  withBytes,
  xmlRpc,
  xmlRpcCall,
} from './requests'

const INVALID_XML = /^500 .*<faultcode>Sender<.*Invalid XML/s

/** As many elements as a document may have, nearly. */
const MANY = 200_000

/** Many of something, and something in something. */
export const STRUCTURES: readonly HostileInput[] = [
  {
    name: 'SOAP: 10,000 levels',
    request: ({ session }) =>
      soap(listWith(session, `<args>${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}</args>`)),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: 500,000 siblings',
    request: ({ session }) => soap(listWith(session, `<args>${'<a/>'.repeat(500_000)}</args>`)),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: 300,000 attributes',
    request: ({ session }) =>
      soap(listWith(session, `<args ${times(300_000, (index) => `a${index}="" `)}/>`)),
    says: INVALID_XML,
  },
  {
    name: 'SOAP: 20,000,000 attributes',
    request: ({ session }) => soap(withBytes(listWith(session, `<args ${HERE}/>`), filled(60 * MB, 'a=" "'))),
    says: INVALID_XML,
  },
  ...(
    [
      ['item', 'a'],
      ['__proto__', 'a'],
      ['a', 'b'],
    ] as const
  ).flatMap(([name, other]): readonly HostileInput[] => [
    {
      name: `SOAP: 200,000 siblings called ${name}`,
      request: ({ session }) =>
        soap(listWith(session, `<args>${`<${name}/>`.repeat(MANY)}<${other}/></args>`)),
      says: /^(?:200|500) .*Fault/s,
    },
    {
      name: `WS-I: 200,000 siblings called ${name}`,
      request: ({ session }) =>
        typed(
          envelope(
            `<m:callParam><sessionId>${session}</sessionId><resourcePath>product_media.list</resourcePath><args>${`<${name}/>`.repeat(MANY)}<${other}/></args></m:callParam>`,
          ),
        ),
      says: /^(?:200|500) .*Fault/s,
    },
  ]),
  {
    name: 'SOAP: 45,000 types at the deepest level',
    request: ({ session }) =>
      soap(
        listWith(
          session,
          `${times(240, (i) => `<a xmlns:p${i}="urn:${i}">`)}${'<a xsi:type="xsd:string"/>'.repeat(45_000)}${'</a>'.repeat(240)}`,
        ),
      ),
    says: /^(?:200|500) .*Fault/s,
  },
  {
    name: 'SOAP: a Map of 30,000 entries',
    request: ({ session }) =>
      soap(
        listWith(
          session,
          `<args xsi:type="map:Map">${times(23_000, (i) => `<item><key>${i}</key><value/></item>`)}</args>`,
        ),
      ),
    says: /^(?:200|500) .*Fault/s,
  },
  {
    name: 'SOAP: 45,000 references to one',
    request: ({ session }) =>
      soap(
        listWith(session, `<args>${'<a href="#x"/>'.repeat(45_000)}</args>`).replace(
          '</e:Body>',
          '<x id="x">a</x></e:Body>',
        ),
      ),
    says: /^(?:200|500) .*Fault/s,
  },
  {
    name: 'SOAP: a chain of 20,000 references',
    request: ({ session }) =>
      soap(
        listWith(session, '<args href="#a0"/>').replace(
          '</e:Body>',
          `${times(20_000, (i) => `<x id="a${i}"><y href="#a${i + 1}"/></x>`)}</e:Body>`,
        ),
      ),
    says: /^(?:200|500) .*Fault/s,
  },
  ...(
    [
      ['200,000 calls of nothing', '<i/>', MANY, /at most 10000 calls/],
      ['10,000 calls of nothing', '<i/>', 10_000, /^200 .*multiCallReturn/s],
      ['10,000 paths that are none', '<item>a.b</item>', 10_000, /^200 .*multiCallReturn/s],
      [
        '10,000 lists',
        '<item><item>product_media.list</item><item>Sku</item></item>',
        10_000,
        /^200 .*multiCallReturn/s,
      ],
    ] as const
  ).map(
    ([name, call, count, says]): HostileInput => ({
      name: `SOAP: a multiCall of ${name}`,
      request: ({ session }) =>
        soap(
          envelope(
            `<m:multiCall>${element('sessionId', session)}<calls xsi:type="enc:Array">${call.repeat(count)}</calls></m:multiCall>`,
          ),
        ),
      says,
    }),
  ),
  {
    name: 'XML-RPC: a multiCall of 45,000',
    request: ({ session }) =>
      xmlRpc(
        xmlRpcCall([session, `<array><data>${'<value>a.b</value>'.repeat(45_000)}</data></array>`]).replace(
          '>call<',
          '>multiCall<',
        ),
      ),
    says: /<int>6</,
  },
  {
    name: 'XML-RPC: 45,000 values',
    request: ({ session }) =>
      xmlRpc(
        xmlRpcCall([
          session,
          'product_media.list',
          `<array><data>${'<value>a</value>'.repeat(45_000)}</data></array>`,
        ]),
      ),
    says: /^200 .*<int>100</s,
  },
  {
    name: 'JSON-RPC: a multiCall of 200,000',
    request: ({ session }) =>
      jsonRpc(jsonRpcCall(`["${session}",[${'"a.b",'.repeat(MANY)}"a.b"]]`).replace('"call"', '"multiCall"')),
    says: /"code":6/,
  },
  {
    name: 'JSON-RPC: 200,000 members',
    request: ({ session }) =>
      jsonRpc(jsonRpcCall(`["${session}","product_media.list",{${times(MANY, (i) => `"${i}":1,`)}"a":1}]`)),
    says: /"result":\[/,
  },
  {
    name: 'JSON-RPC: 30,000,000 values',
    request: () => jsonRpc(withBytes(`[${HERE}1]`, filled(60 * MB, '1,'))),
    says: /"code":-32700/,
  },
  {
    name: 'JSON-RPC: 60,000,000 brackets',
    request: () => jsonRpc(filled(60 * MB, '[')),
    says: /"code":-32700/,
  },
  {
    name: 'JSON-RPC: unknown parameters',
    request: () => jsonRpc(jsonRpcCall(`{${times(MANY, (i) => `"p${i}":1,`)}"a":1}`)),
    says: /"code":-32602/,
  },
]
