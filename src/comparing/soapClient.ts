import { createClientAsync, type IOptions } from 'soap'

/** A value that a call takes or answers. PHP's arrays are lists and objects here. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

export interface SoapClient {
  login(username: string, apiKey: string): Promise<string>
  call(sessionId: string, path: string, args: Plain): Promise<Plain>
}

/** Connects node-soap, a real client. It adds the types to values whose type the WSDL leaves open. */
export async function connect(wsdl: string, options: IOptions = {}): Promise<SoapClient> {
  // Without this, the client cuts spaces at the ends of texts.
  const client = await createClientAsync(wsdl, { preserveWhitespace: true, ...options })
  return {
    async login(username, apiKey) {
      const [{ loginReturn }] = await client.loginAsync({ username, apiKey })
      return String(received(loginReturn))
    },
    async call(sessionId, resourcePath, args) {
      const [{ callReturn }] = await client.callAsync({
        sessionId,
        resourcePath,
        args: sent(args, NAMESPACES),
      })
      return received(callReturn)
    },
  }
}

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
  if (isList(value)) return typed('enc:Array', { item: value.map((item) => sent(item)) })
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

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}

function isElements(item: Element | readonly Element[]): item is readonly Element[] {
  return Array.isArray(item)
}
