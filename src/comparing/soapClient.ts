import { createClientAsync, type IOptions } from 'soap'
import { isPlainList, type Plain } from './answers'

/** How long an answer may take, in milliseconds: an old shop may be slow. */
const ANSWER_MS = 120_000

export interface SoapClient {
  login(username: string, apiKey: string): Promise<string>
  call(sessionId: string, path: string, args: Plain): Promise<Plain>
}

/** Connects node-soap, a real client. It adds the types to values whose type the WSDL leaves open. */
export async function connect(wsdl: string, options: IOptions = {}): Promise<SoapClient> {
  // Without this, the client cuts spaces at the ends of texts.
  const client = await createClientAsync(wsdl, { preserveWhitespace: true, ...options })
  if (!('loginAsync' in client && 'callAsync' in client)) throw new Error('it has no login and call')
  return {
    async login(username, apiKey) {
      const [{ loginReturn }] = await client.loginAsync({ username, apiKey }, TIMELY)
      return String(received(loginReturn))
    },
    async call(sessionId, resourcePath, args) {
      const parts = { sessionId, resourcePath, args: sent(args, NAMESPACES) }
      const [{ callReturn }] = await client.callAsync(parts, TIMELY)
      return received(callReturn)
    },
  }
}

const TIMELY = { timeout: ANSWER_MS }

const NAMESPACES = {
  'xmlns:enc': 'http://schemas.xmlsoap.org/soap/encoding/',
  'xmlns:map': 'http://xml.apache.org/xml-soap',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
}

/** An element in the form in which node-soap writes and reads it. */
interface Element {
  readonly attributes?: Readonly<Record<string, string>>
  readonly $value?: string | number | boolean
  readonly item?: Element | readonly Element[]
  readonly key?: Element
  readonly value?: Element
}

function sent(value: Plain, attributes: Readonly<Record<string, string>> = {}): Element {
  const typed = (type: string, content: Element) => ({
    attributes: { ...attributes, 'xsi:type': type },
    ...content,
  })
  if (value === null) return { attributes: { ...attributes, 'xsi:nil': 'true' } }
  if (typeof value === 'string') return typed('xsd:string', { $value: value })
  if (typeof value === 'number') return typed('xsd:int', { $value: value })
  if (typeof value === 'boolean') return typed('xsd:boolean', { $value: value })
  if (isPlainList(value)) return typed('enc:Array', { item: value.map((item) => sent(item)) })
  const entries = Object.entries(value).map(([key, field]) => ({ key: sent(key), value: sent(field) }))
  return typed('map:Map', { item: entries })
}

function received({ attributes = {}, $value, item = [] }: Element): Plain {
  const type = attributes['xsi:type']?.replace(/^.*:/, '') ?? 'nil'
  const items = isElements(item) ? item : [item]
  if (type === 'Array') return items.map(received)
  if (type === 'Map') return Object.fromEntries(items.map(entry))
  if (type === 'nil') return null
  if (type === 'boolean') return $value === true || $value === 'true'
  return $value ?? ''
}

function entry({ key = {}, value = {} }: Element): [string, Plain] {
  return [String(received(key)), received(value)]
}

function isElements(item: Element | readonly Element[]): item is readonly Element[] {
  return Array.isArray(item)
}
