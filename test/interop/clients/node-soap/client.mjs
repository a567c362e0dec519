/** node-soap, on SOAP v1, v2 or WS-I; what it takes and prints is in ../README.md. */
import { isDeepStrictEqual } from 'node:util'
import soap from 'soap'

const [url, username, apiKey, product, content, protocol] = process.argv.slice(2)
const LABEL = 'Größe <1> & "2"'
const LABEL_IN_STORE = 'auf Deutsch'
const directory = `/${product[0]}/${product[1]}`
const first = `${directory}/${product}.gif`
const second = `${directory}/${product}_1.gif`

/** In v1 the arguments of a call may be anything, so they say their types; and so do answers. */
const v1 = {
  async login(client) {
    const [{ loginReturn }] = await client.loginAsync({ username, apiKey })
    return loginReturn.$value
  },
  async call(client, sessionId, method, { product, file, data, store }) {
    const args = sent([product, file, data, store].filter((value) => value !== undefined))
    Object.assign(args.attributes, NAMESPACES)
    const resourcePath = `product_media.${method.toLowerCase()}`
    const [{ callReturn }] = await client.callAsync({ sessionId, resourcePath, args })
    return received(callReturn)
  },
}

const NAMESPACES = {
  'xmlns:enc': 'http://schemas.xmlsoap.org/soap/encoding/',
  'xmlns:map': 'http://xml.apache.org/xml-soap',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
}

function sent(value) {
  if (Array.isArray(value)) return { attributes: { 'xsi:type': 'enc:Array' }, item: value.map(sent) }
  if (typeof value !== 'object') return { attributes: { 'xsi:type': 'xsd:string' }, $value: value }
  const item = Object.entries(value).map(([key, field]) => ({ key: sent(key), value: sent(field) }))
  return { attributes: { 'xsi:type': 'map:Map' }, item }
}

/** An encoded answer without its types. */
function received({ attributes, $value, item, ...fields }) {
  const type = attributes['xsi:type'].replace(/^.*:/, '')
  const items = [item ?? []].flat()
  if (attributes['SOAP-ENC:arrayType']) return items.map(received)
  if (type === 'Map')
    return Object.fromEntries(items.map(({ key, value }) => [received(key), received(value)]))
  if (type === 'boolean') return String($value) === 'true'
  if (type === 'string') return $value ?? ''
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, received(field)]))
}

const v2 = {
  login: v1.login,
  async call(client, sessionId, method, { product, file, data, store }) {
    const asked = { sessionId, product, file, data: withTypes(data, 'item'), storeView: store }
    const [{ result }] = await client[`catalogProductAttributeMedia${method}Async`](given(asked))
    return received(result)
  },
}

const wsi = {
  async login(client) {
    const [{ result }] = await client.loginAsync({ username, apiKey })
    return result
  },
  async call(client, sessionId, method, { product, file, data, store }) {
    const asked = { sessionId, productId: product, file, data: withTypes(data, 'complexObjectArray'), store }
    const [{ result }] = await client[`catalogProductAttributeMedia${method}Async`](given(asked))
    return WSI_ANSWERS[method]?.(result) ?? result
  },
}

const WSI_ANSWERS = {
  List: (list) => [list?.complexObjectArray ?? []].flat().map(wsiImage),
  Info: (image) => wsiImage(image),
  Update: (result) => result === 1,
  Remove: (result) => result === 1,
}

function wsiImage(image) {
  return { ...image, types: image.types?.complexObjectArray ?? [] }
}

function withTypes(data, item) {
  return data?.types ? { ...data, types: { [item]: data.types } } : data
}

/** Without what is undefined, which node-soap would send as an empty element. */
function given(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

async function step(name, check) {
  let detail = ''
  try {
    await check()
  } catch (error) {
    detail = String(error)
  }
  console.log(JSON.stringify({ step: name, ok: detail === '', detail }))
}

function expect(expected, actual) {
  if (isDeepStrictEqual(expected, actual)) return
  throw new Error(`expected ${JSON.stringify(expected)}, received ${JSON.stringify(actual)}`)
}

async function faultOf(answer) {
  try {
    await answer
  } catch (error) {
    return error.root?.Envelope.Body.Fault.faultcode
  }
  return null
}

const { login, call } = { v1, v2, 'WS-I': wsi }[protocol]
let client
let session
const ask = (method, values) => call(client, session, method, values)

await step('login', async () => {
  client = await soap.createClientAsync(url)
  session = await login(client)
  expect(true, /^[0-9a-f]{32}$/.test(session))
})

await step('create', async () => {
  const data = { file: { name: product, mime: 'image/gif', content }, label: LABEL, exclude: '0' }
  expect(first, await ask('Create', { product, data: { ...data, types: ['image', 'thumbnail'] } }))
  expect(second, await ask('Create', { product, data }))
})

await step('list', async () => {
  const images = await ask('List', { product })
  const fields = images.map(({ file, label, position, exclude, types }) => [
    file,
    label,
    position,
    exclude,
    types,
  ])
  expect(
    [
      [first, LABEL, '1', '0', ['image', 'thumbnail']],
      [second, LABEL, '2', '0', []],
    ],
    fields,
  )
})

await step('updateInStore', async () => {
  const values = { product, file: second, data: { label: LABEL_IN_STORE }, store: 'german' }
  expect(true, await ask('Update', values))
  const labels = await Promise.all(
    ['german', undefined].map(async (store) => (await ask('Info', { product, file: second, store })).label),
  )
  expect([LABEL_IN_STORE, LABEL], labels)
})

await step('remove', async () => {
  expect(true, await ask('Remove', { product, file: second }))
  expect(
    [first],
    (await ask('List', { product })).map(({ file }) => file),
  )
})

await step('fault101', async () => expect('101', await faultOf(ask('List', { product: 'no such product' }))))
await step('fault103', async () =>
  expect('103', await faultOf(ask('Info', { product, file: '/n/o/none.gif' }))),
)
