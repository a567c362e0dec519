import { send } from '../support/http'
import { picture } from '../support/pictures'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'

/** Values that no sane client sends, in JSON-RPC, and what Magento made of them (magento.md §6.11 to §6.18). */

let server: TestServer
let session: string
let content: string
let used = 0

beforeAll(async () => {
  server = await startTestServer({ seed: shopOf(80) })
  content = (await picture('png')).toString('base64')
  session = String((await ask('login', '"apiUser"', '"apiKey123"')).result)
})

afterAll(() => server.stop())

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

async function ask(method: string, ...params: readonly string[]): Promise<Answer> {
  const body = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":[${params.join(',')}]}`
  return JSON.parse((await send(server.url, { method: 'POST', path: '/api/jsonrpc/', body })).text)
}

/** Calls a method with arguments in JSON, because JavaScript would not write 1e14 as a float. */
const call = (method: string, ...args: readonly string[]) =>
  ask('call', JSON.stringify(session), `"product_media.${method}"`, `[${args.join(',')}]`)

const freshProduct = () => JSON.stringify(`p${++used}`)
const png = (name: string) => `"file":{"mime":"image/png","content":"${content}","name":${name}}`

async function created(product: string, data: string): Promise<string> {
  return JSON.stringify((await call('create', product, `{${data}}`)).result)
}

async function imageWith(data: string): Promise<Record<string, unknown>> {
  const product = freshProduct()
  await created(product, `${png('"odd"')},${data}`)
  return (await call('info', product, 'true')).result as Record<string, unknown>
}

test.each([
  ['1e15', '1.0E+15'],
  ['100000000000000.0', '1.0E+14'],
  ['999999999999999.0', '1.0E+15'],
  ['999999999999999', '999999999999999'],
  ['9007199254740993', '9007199254740993'],
  ['123456789012345678901', '1.2345678901235E+20'],
  ['1e-7', '1.0E-7'],
  ['-2.5e-10', '-2.5E-10'],
  ['0.3333333333333333', '0.33333333333333'],
  ['12345678.12345678', '12345678.123457'],
  ['100.0', '100'],
  ['-0.0', '-0'],
  ['true', '1'],
  ['false', ''],
  ['[]', 'Array'],
  ['{"a":1}', 'Array'],
])('the label %s is the text %j', async (sent, label) => {
  expect(await imageWith(`"label":${sent}`)).toMatchObject({ label })
})

test.each([
  ['["x"]', '/A/r/Array'],
  ['{"a":1}', '/A/r/Array'],
  ['[]', '/i/m/image'],
  ['false', '/i/m/image'],
  ['true', '/1/_/1'],
  ['1.5', '/1/_/1.5'],
  ['1e15', '/1/_/1.0E_15'],
  ['"./odd/"', null],
  ['"./dotted"', '/d/o/dotted'],
  ['"a/b"', null],
])('the name %s is stored as %j', async (sent, stem) => {
  const { result, error } = await call('create', freshProduct(), `{${png(sent)}}`)
  if (stem === null) expect(error).toEqual({ code: 104, message: 'Cannot create image.' })
  else expect(String(result).slice(0, stem.length)).toBe(stem)
})

test.each([
  ['1e300', '0'],
  ['1e19', '0'],
  ['2e19', '4294967295'],
  ['-1', '0'],
  ['9223372036854775807', '4294967295'],
  ['"99999999999999999999"', '4294967295'],
  ['"1e300"', '4294967295'],
  ['" 5"', '5'],
  ['"0x10"', '0'],
  ['"2.7"', '2'],
  ['true', '1'],
  ['[]', '0'],
  ['{}', '0'],
  ['[7]', '1'],
])('the position %s is %j', async (sent, position) => {
  expect(await imageWith(`"position":${sent}`)).toMatchObject({ position })
})

test.each([
  ['4', 3],
  ['"4"', 3],
  ['4.0', 3],
  ['[4]', 3],
  ['["4"]', 3],
  ['[9,4]', 3],
  ['[]', 0],
  ['"4abc"', 0],
  ['"4 "', 0],
  ['" 4"', 0],
  ['"+4"', 0],
  ['"04"', 0],
  ['"4.0"', 0],
  ['4.5', 0],
  ['""', 0],
  ['null', 0],
  ['true', 0],
])('the set id %s has %i types', async (setId, count) => {
  expect((await call('types', setId)).result).toHaveLength(count)
})

test('the file `true` tells the first image, and changes or removes none', async () => {
  const product = freshProduct()
  expect((await call('info', product, 'true')).error?.code).toBe(103)
  const file = await created(product, png('"first"'))
  await created(product, png('"second"'))
  expect((await call('info', product, 'true')).result).toMatchObject({ file: JSON.parse(file) })
  expect((await call('update', product, 'true', '{"label":"all"}')).error?.code).toBe(103)
  expect((await call('remove', product, 'true')).error?.code).toBe(103)
  expect((await call('list', product)).result).toHaveLength(2)
})

test.each([
  ['{"mime":"","content":{}}', 'Invalid image type.'],
  ['{"mime":0,"content":"x"}', 'Invalid image type.'],
  ['{"mime":[],"content":"x"}', 'Invalid image type.'],
  ['{"mime":true,"content":"x"}', 'Invalid image type.'],
  ['{"mime":null,"content":{}}', 'The image is not specified.'],
  ['{"mime":"image/png"}', 'The image is not specified.'],
  ['{"mime":"image/png","content":true}', 'The image contents is not valid base64 data.'],
  ['{"mime":"image/png","content":{}}', 'The image contents is not valid base64 data.'],
  ['{"mime":"image/png","content":1.5}', 'The image contents is not valid base64 data.'],
])('the file %s is fault 102: %s', async (file, message) => {
  expect((await call('create', freshProduct(), `{"file":${file}}`)).error).toEqual({ code: 102, message })
})

test('content that is a number is its digits, and no image', async () => {
  const file = '{"mime":"image/png","content":12}'
  expect((await call('create', freshProduct(), `{"file":${file}}`)).error?.code).toBe(104)
})
