import { gzipSync } from 'node:zlib'
import { sql } from '../support/databases'
import { type HttpAnswer, send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { authorization, OAUTH_SEED } from '../support/oauth'
import { bitmap, picture } from '../support/pictures'
import { errorOf, GIF, type RestCall, type RestClient, restClient } from '../support/rest'
import { startTestServer, type TestServer } from '../support/server'
import type { Plain } from '../support/soap'

/** Two websites; product 1 is in the first, whose store views are 1 and 2; store view 3 is of the second. */
const SHOP = JSON.stringify({
  websites: [
    { id: 1, code: 'base' },
    { id: 2, code: 'second' },
  ],
  stores: [
    { id: 1, code: 'default', website: 1 },
    { id: 2, code: 'german', website: 1 },
    { id: 3, code: 'elsewhere', website: 2 },
  ],
  attributeSets: [
    { id: 4, name: 'Default', gallery: true },
    { id: 9, name: 'Without gallery', gallery: false },
  ],
  products: [
    ...Array.from({ length: 80 }, (_, index) => ({
      id: index + 1,
      sku: `p${index + 1}`,
      attributeSet: 4,
      websites: [1],
    })),
    { id: 97, sku: 'K\u00e4se\n', attributeSet: 4, websites: [1] },
    { id: 98, sku: 'far', attributeSet: 4, websites: [2] },
    { id: 99, sku: 'voucher', attributeSet: 9, websites: [1] },
  ],
  oauth: OAUTH_SEED,
})

const NOT_FOUND = '404 Resource not found.'
const NO_ROUTE = '404 Request does not match any route.'
const STORE_INVALID = '400 Requested store is invalid'
const DATA_INVALID = '400 The request data is invalid.'
const UNDECODABLE = '400 Decoding error.'

const log = memoryLog()
let server: TestServer
let admin: RestClient
let customer: RestClient
let guest: RestClient
let unused = 0

beforeAll(async () => {
  server = await startTestServer({
    seed: SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BODY_LIMIT: '1mb' },
    log: log.log,
  })
  admin = restClient(server.url, 'admin')
  customer = restClient(server.url, 'customer')
  guest = restClient(server.url, null)
})

afterAll(() => server.stop())

/** The gallery of a product that no other test uses. */
function ownGallery(): string {
  unused++
  return `/products/${unused}/images`
}

const file = { file_mime_type: 'image/gif', file_content: GIF }

describe('the path', () => {
  it.each([
    '1e3',
    '-1',
    '0x10',
    '1abc',
    '1,0',
    '1.0.0',
    '1e',
    '0',
    '00',
    'null',
    "'",
    '%25',
    '%20p1',
    'p1%09',
    '99999',
    '2147483648',
    '9'.repeat(30),
    '%00',
    '%zz',
  ])('names no product by %j', async (id) => {
    const answer = await admin.send('GET', `/products/${encodeSpaces(id)}/images`)
    expect(errorOf(answer)).toBe(NOT_FOUND)
  })

  it.each(['1e3', '-1', '0x10', '%2e%2e', '..%2f1', 'store', '2147483648'])(
    'names no image by %j',
    async (id) => {
      const gallery = ownGallery()
      await admin.add(gallery)
      const before = await admin.get(gallery)
      expect(errorOf(await admin.send('GET', `${gallery}/${id}`))).toBe('404 Product image not found')
      expect(errorOf(await guest.send('GET', `${gallery}/${id}`))).toBe(NOT_FOUND)
      expect(errorOf(await admin.put(`${gallery}/${id}`, { label: 'x' }))).toBe(NOT_FOUND)
      expect(errorOf(await admin.send('DELETE', `${gallery}/${id}`))).toBe(NOT_FOUND)
      expect(await admin.get(gallery)).toEqual(before)
    },
  )

  it.each(['1e3', '-1', '0x10', '77', '2147483648', '%2e%2e', '2%00', 'nowhere', 'German', '%C3%A9'])(
    'names no store view by %j, whoever asks and for whatever',
    async (id) => {
      const gallery = ownGallery()
      const image = await admin.add(gallery)
      const before = await admin.get(gallery)
      const body = JSON.stringify({ ...file, label: 'x' })
      const answers = [
        await guest.send('GET', `${gallery}/store/${id}`),
        await admin.send('GET', `${gallery}/${image}/store/${id}`),
        await admin.send('POST', `${gallery}/store/${id}`, { body }),
        await admin.send('PUT', `${gallery}/${image}/store/${id}`, { body }),
        await admin.send('DELETE', `${gallery}/${image}/store/${id}`),
      ]
      expect(answers.map(errorOf)).toEqual(answers.map(() => STORE_INVALID))
      expect(await admin.get(gallery)).toEqual(before)
      unused--
      await admin.send('DELETE', `${gallery}/${image}`)
    },
  )

  it.each([
    ['1', 'id'],
    ['01', 'id'],
    ['1.0', 'id'],
    ['1.9', 'id'],
    ['1e0', 'id'],
    ['+1', 'id'],
    ['%201', 'id'],
    ['%31', 'id'],
    ['p1', 'SKU'],
    ['P1', 'SKU'],
    ['%E1%B9%951', 'SKU'],
    ['p1%20', 'SKU'],
    ['p1+', 'SKU'],
  ])('names product 1 by %j as by its %s', async (name) => {
    const answer = await admin.send('GET', `/products/${name}/images`)
    expect(JSON.parse(answer.text)).toEqual(await admin.get('/products/1/images'))
  })

  it.each([
    ['097', '097'],
    ['%2097', ' 97'],
    ['9.7e1', '9.7e1'],
    ['K%C3%84SE%0A', 'K\u00c3\u0084SE%0A'],
  ])(
    'repeats %j, decoded and without control characters, in the path of a new image',
    async (name, shown) => {
      const answer = await admin.send('POST', `/products/${name}/images`, { body: JSON.stringify(file) })
      expect(answer.headers.location?.replace(/[0-9]+$/, '')).toBe(`/api/rest/products/${shown}/images/`)
    },
  )

  it.each([
    ['0', ''],
    ['%20', ''],
    ['+', ''],
    ['', '.9'],
    ['', 'x'],
    ['', '%20or%201'],
  ])('reads what follows %j and stands before %j as the id of an image', async (before, behind) => {
    const gallery = ownGallery()
    const image = `${gallery}/${before}${await admin.add(gallery, { label: 'seen' })}${behind}`
    for (const client of [admin, guest]) expect(await client.get(image)).toMatchObject({ label: 'seen' })
    expect((await admin.put(image, { label: 'changed' })).status).toBe(200)
    expect(await labels(guest, gallery)).toEqual(['changed'])
    expect((await admin.send('DELETE', image)).status).toBe(200)
    expect(await admin.get(gallery)).toEqual([])
  })

  it('names a store view by its code as by its id', async () => {
    const gallery = ownGallery()
    const image = await admin.add(`${gallery}/store/german`, { label: 'German' })
    await admin.put(`${gallery}/${image}`, { label: 'Default' })
    for (const store of ['german', '2'])
      expect(await labels(admin, `${gallery}/store/${store}`)).toEqual(['German'])
    expect(await labels(admin, `${gallery}/store/admin`)).toEqual(['Default'])
    await admin.send('DELETE', `${gallery}/${image}/store/german`)
    expect(await admin.get(gallery)).toEqual([])
  })

  it.each([
    ['', 'the default scope', 'the default store view'],
    ['/store/0', 'the default scope', 'the default store view'],
    ['/store/admin', 'the default scope', 'the default scope'],
    ['/store/default', 'the default store view', 'the default store view'],
  ])('with %j shows administrators %s, and guests and customers %s', async (store, toAdmin, toOthers) => {
    const gallery = ownGallery()
    const image = await admin.add(gallery, { label: 'the default scope' })
    await admin.put(`${gallery}/${image}/store/1`, { label: 'the default store view' })
    expect(await labels(admin, gallery + store)).toEqual([toAdmin])
    for (const client of [guest, customer]) expect(await labels(client, gallery + store)).toEqual([toOthers])
  })

  it('shows guests what is excluded in the default scope alone, and nothing of another website', async () => {
    const gallery = ownGallery()
    const image = await admin.add(gallery, { exclude: 1 })
    expect(await guest.get(gallery)).toEqual([])
    await admin.put(`${gallery}/${image}/store/1`, { exclude: 0 })
    expect(await guest.get(gallery)).toHaveLength(1)
    expect(errorOf(await guest.send('GET', '/products/98/images'))).toBe(NOT_FOUND)
    expect(await admin.get('/products/98/images')).toEqual([])
    expect(await guest.get('/products/98/images/store/elsewhere')).toEqual([])
  })

  it('knows no product in a store view of a website that it is not in', async () => {
    const gallery = ownGallery()
    const image = await admin.add(gallery)
    const answers = [
      await guest.send('GET', `${gallery}/store/3`),
      await admin.send('POST', `${gallery}/store/3`, { body: JSON.stringify(file) }),
      await admin.put(`${gallery}/${image}/store/3`, { label: 'x' }),
      await admin.send('DELETE', `${gallery}/${image}/store/3`),
    ]
    expect(answers.map(errorOf)).toEqual(answers.map(() => NOT_FOUND))
  })

  it.each([
    '',
    '/',
    '/products',
    '/products/1',
    '/products//images',
    '/products/1%2Fimages',
    '/products/1/images/store/2/3',
    '/products/1/images/5/shop/2',
    '/products/../products/1/images',
    '/products/1/images/../../1/images',
    '/Products/1/images',
    '/..%2fsoap',
    '/%2e%2e/soap/',
  ])('%j is of no route', async (path) => {
    expect(errorOf(await admin.send('GET', path))).toBe(NO_ROUTE)
  })

  it.each(['/api/rest', '/index.php/api/rest'])(
    'begins with %s, and may end with a slash',
    async (prefix) => {
      for (const path of ['/products/1/images', '/products/1/images/', '/products/1/images/store/1/']) {
        const answer = await send(server.url, { path: prefix + path, headers: { accept: '*/*' } })
        expect(answer.status).toBe(200)
      }
    },
  )

  it('is asked for as a whole URL too, as through a proxy', async () => {
    const path = `${server.url}/api/rest/products/1/images?limit=1`
    expect((await send(server.url, { path, headers: { accept: '*/*' } })).status).toBe(200)
  })
})

function encodeSpaces(text: string): string {
  return text.replaceAll(' ', '%20')
}

describe('the method', () => {
  it.each(['PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s is invalid, whoever asks', async (method) => {
    expect(errorOf(await guest.send(method, '/products/1/images'))).toBe('400 Invalid request method')
  })

  it('HEAD is a GET without its body', async () => {
    const answer = await guest.send('HEAD', '/products/1/images')
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect((await guest.send('HEAD', '/products/4711/images')).status).toBe(404)
  })

  it.each([
    ['PUT', '', 'GET, HEAD, POST'],
    ['DELETE', '', 'GET, HEAD, POST'],
    ['POST', '/5', 'GET, HEAD, PUT, DELETE'],
    ['POST', '/5/store/2', 'GET, HEAD, PUT, DELETE'],
  ])('%s does nothing at images%s, and the answer says what does', async (method, path, allow) => {
    const answer = await admin.send(method, `/products/1/images${path}`, { body: '{"label":"x"}' })
    expect(errorOf(answer)).toBe('405 Resource method not implemented yet.')
    expect(answer.headers.allow).toBe(allow)
  })

  it.each(['POST', 'PUT', 'DELETE'])(
    '%s is for administrators, before anything else is looked at',
    async (method) => {
      for (const client of [guest, customer]) {
        const answer = await client.send(method, '/products/4711/images/0x1/store/77', { body: '{bad' })
        expect(errorOf(answer)).toBe('403 Access denied')
      }
    },
  )
})

describe('a signature that is not believed', () => {
  it('is told in the envelope, before the path and the method are looked at', async () => {
    const answer = await restClient(server.url, 'nobody').send('PATCH', '/nosuch')
    expect(errorOf(answer)).toBe('401 oauth_problem=token_rejected')
    expect(answer.headers['www-authenticate']).toBe('OAuth')
  })
})

describe('the format of an answer', () => {
  const JSON_TYPE = 'application/json; charset=utf-8'
  const XML_TYPE = 'application/xml; charset=utf-8'

  it.each([
    ['application/json', JSON_TYPE],
    ['APPLICATION/JSON', JSON_TYPE],
    ['application/json;charset=utf-8', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['text/html, application/json', JSON_TYPE],
    ['text/xml;q=0.5, application/json;q=0.9', JSON_TYPE],
    ['text/xml;q=0, */*', JSON_TYPE],
    ['text/xml', XML_TYPE],
    ['application/xml', XML_TYPE],
    ['application/xhtml+xml', XML_TYPE],
    ['text/*', XML_TYPE],
    ['', XML_TYPE],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', XML_TYPE],
    ['application/json;q=0.1, application/xml;q=0.2', XML_TYPE],
  ])('to Accept: %s is %s', async (accept, type) => {
    const answer = await guest.send('GET', '/products/1/images', { accept })
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type])
  })

  it.each(['image/png', 'text/html', 'nonsense', 'application/json;q=0'])(
    'to Accept: %s is neither, which an error in JSON says',
    async (accept) => {
      const answer = await guest.send('GET', '/products/1/images', { accept })
      expect(errorOf(answer)).toBe('406 Server can not understand Accept HTTP header media type.')
    },
  )

  it('is that of an error too', async () => {
    const answer = await guest.send('GET', '/nosuch', { accept: 'text/xml' })
    expect(answer.text).toContain('<message>Request does not match any route.</message>')
  })

  it('writes ASCII alone: what is none is escaped, and so is what the format needs', async () => {
    const gallery = ownGallery()
    const image = await admin.add(gallery, { label: 'Ä "€" \\ 😀 </b> & \r\n\u0001' })
    const inJson = await admin.send('GET', `${gallery}/${image}`)
    expect(inJson.text).toContain(
      String.raw`"label":"\u00c4 \"\u20ac\" \\ \ud83d\ude00 <\/b> & \r\n\u0001","position"`,
    )
    const inXml = await admin.send('GET', `${gallery}/${image}`, { accept: 'text/xml' })
    expect(inXml.text).toContain(
      '<label>&#xC4; "&#x20AC;" \\ &#x1F600; &lt;/b&gt; &amp; &#xD;\n&#xFFFD;</label>',
    )
  })
})

describe('the body of a request', () => {
  const FORM = 'application/x-www-form-urlencoded'

  it.each<[string, RestCall]>([
    ['JSON', { body: '{"label":"new","types":["image","thumbnail"]}' }],
    [
      'JSON with a charset',
      {
        contentType: 'application/json; charset=UTF-8',
        body: '{"label":"new","types":["image","thumbnail"]}',
      },
    ],
    [
      'XML',
      {
        contentType: 'text/xml',
        body: '<x><label>new</label><types><data_item>image</data_item><data_item>thumbnail</data_item></types></x>',
      },
    ],
    [
      'XML whose lists are repeated elements',
      {
        contentType: 'application/xml',
        body: '<?xml version="1.0"?>\n<magento_api><label><![CDATA[new]]></label><types>image</types><types>thumbnail</types></magento_api>',
      },
    ],
    ['a form', { contentType: FORM, body: 'label=new&types[]=image&types%5B1%5D=thumbnail' }],
    [
      'a form that calls itself plain text',
      { contentType: 'text/plain', body: 'label=old&label=new&types[]=image&types[]=thumbnail' },
    ],
  ])('is read as %s', async (_name, call) => {
    const gallery = ownGallery()
    const image = await admin.add(gallery)
    expect((await admin.send('PUT', `${gallery}/${image}`, call)).status).toBe(200)
    expect(await admin.get(`${gallery}/${image}`)).toMatchObject({
      label: 'new',
      types: ['image', 'thumbnail'],
    })
  })

  it('of a form adds an image, and reads what is no ASCII in either way', async () => {
    const gallery = ownGallery()
    const body = `file_mime_type=image/gif&file_content=${encodeURIComponent(GIF)}&label=%C3%84+ä`
    expect((await admin.send('POST', gallery, { contentType: FORM, body })).status).toBe(200)
    expect(await admin.get(gallery)).toMatchObject([{ label: 'Ä ä' }])
  })

  it('is unpacked', async () => {
    const gallery = ownGallery()
    const image = await admin.add(gallery)
    const { authorization } = signedHeaders('PUT', `${gallery}/${image}`)
    const answer = await send(server.url, {
      method: 'PUT',
      path: `/api/rest${gallery}/${image}`,
      headers: { authorization, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync('{"label":"packed"}'),
    })
    expect(answer.status).toBe(200)
    expect(await admin.get(`${gallery}/${image}`)).toMatchObject({ label: 'packed' })
  })

  const DEEP = `${'['.repeat(1000)}${']'.repeat(1000)}`

  it.each<[string, RestCall, string]>([
    ['JSON 1,000 levels deep', { body: `{"label":${DEEP}}` }, UNDECODABLE],
    ['JSON in another encoding', { body: Buffer.from('{"label":"ä"}', 'latin1') }, UNDECODABLE],
    ['two JSON values', { body: '{"label":"x"} {}' }, UNDECODABLE],
    [
      'XML with a document type',
      { contentType: 'text/xml', body: '<!DOCTYPE x><x><label>x</label></x>' },
      UNDECODABLE,
    ],
    [
      'XML with entities',
      {
        contentType: 'text/xml',
        body: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x><label>&e;</label></x>',
      },
      UNDECODABLE,
    ],
    ['XML without an end', { contentType: 'text/xml', body: '<x><label>x</label>' }, UNDECODABLE],
    [
      'XML 1,000 levels deep',
      { contentType: 'text/xml', body: `${'<x>'.repeat(1000)}${'</x>'.repeat(1000)}` },
      UNDECODABLE,
    ],
    [
      'a form of 10,000 fields',
      { contentType: FORM, body: Array.from({ length: 10_000 }, (_, index) => `label${index}=x`).join('&') },
      UNDECODABLE,
    ],
    ['a form that is no UTF-8', { contentType: FORM, body: 'label=%e4' }, UNDECODABLE],
    ['a form with a broken escape', { contentType: FORM, body: 'label=%zz' }, UNDECODABLE],
    ['nothing', { contentType: FORM, body: '' }, DATA_INVALID],
    [
      'nothing but fields that nobody writes',
      { body: '{"id":"1","url":"x","__proto__":{"label":"x"}}' },
      DATA_INVALID,
    ],
    ['a text', { body: '"label"' }, DATA_INVALID],
    ['a number', { body: '7' }, DATA_INVALID],
    ['an empty list', { body: '[]' }, DATA_INVALID],
    ['null', { body: 'null' }, DATA_INVALID],
    ['a label that no database can hold', { body: '{"label":"a\\u0000b"}' }, DATA_INVALID],
    ['no Content-Type', { contentType: null, body: '{"label":"x"}' }, '400 Content-Type header is empty'],
    ['no proper Content-Type', { contentType: '???', body: '{}' }, '400 Invalid Content-Type header'],
    [
      'another charset',
      { contentType: 'text/xml; charset=latin1', body: '<x/>' },
      '400 UTF-8 is the only supported charset',
    ],
    [
      'another type',
      { contentType: 'application/yaml', body: 'label: x' },
      '400 Server can not understand Content-Type HTTP header media type "application/yaml"',
    ],
    [
      'more than the limit',
      { body: `{"label":"${'x'.repeat(1_100_000)}"}` },
      '413 Request body is larger than 1048576 bytes',
    ],
  ])('that is %s is refused, and changes nothing', async (_name, call, error) => {
    const image = await admin.add('/products/78/images', { label: 'as it was' })
    expect(errorOf(await admin.send('PUT', `/products/78/images/${image}`, call))).toBe(error)
    expect(await admin.get(`/products/78/images/${image}`)).toMatchObject({ label: 'as it was' })
    await admin.send('DELETE', `/products/78/images/${image}`)
  })
})

function signedHeaders(method: string, path: string): { authorization: string } {
  return {
    authorization: authorization(method, `${server.url}/api/rest${path}`, { who: 'admin', bad: null }),
  }
}

describe('POST', () => {
  it('adds an image that shows, unless it is excluded', async () => {
    const gallery = ownGallery()
    await admin.add(gallery, { label: 'seen' })
    await admin.add(gallery, { label: 'hidden', exclude: 1 })
    expect(await labels(guest, gallery)).toEqual(['seen'])
    expect(await labels(customer, gallery)).toEqual(['seen'])
    expect(await labels(admin, gallery)).toEqual(['seen', 'hidden'])
  })

  it('answers where the image is, without the store view, and no body', async () => {
    const gallery = ownGallery()
    const answer = await admin.send('POST', `${gallery}/store/2`, { body: JSON.stringify(file) })
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, '', undefined])
    expect(answer.headers.location).toMatch(new RegExp(`^/api/rest${gallery}/[0-9]+$`))
  })

  it('gives an image values in the store view that it names alone', async () => {
    const gallery = ownGallery()
    const image = await admin.add(`${gallery}/store/2`, { label: 'nur hier', types: ['image'] })
    expect(await admin.get(`${gallery}/${image}/store/2`)).toMatchObject({
      label: 'nur hier',
      exclude: '0',
      types: ['image'],
    })
    expect(await admin.get(`${gallery}/${image}`)).toMatchObject({
      label: '',
      position: '',
      exclude: '',
      types: [],
    })
  })

  it.each<[string, Readonly<Record<string, Plain>>, string]>([
    ['no file', { file_content: null }, '400 The image is not specified'],
    ['an empty file', { file_content: '' }, '400 The image is not specified'],
    ['no base64', { file_content: 'R0lG*' }, '400 The image content must be valid base64 encoded data'],
    [
      'no base64 of an unknown type',
      { file_content: '*', file_mime_type: 'x' },
      '400 The image content must be valid base64 encoded data',
    ],
    ['an unknown type', { file_mime_type: 'image/bmp' }, '400 Unsupported image MIME type'],
    ['bytes that are no image', { file_content: bitmap().toString('base64') }, '400 Resource unknown error.'],
    [
      'half an image',
      { file_content: Buffer.from(GIF, 'base64').subarray(0, 30).toString('base64') },
      '400 Resource unknown error.',
    ],
    ['a name with a slash', { file_name: '../../x' }, '400 Resource unknown error.'],
    ['a label that no database can hold', { label: '\0' }, DATA_INVALID],
  ])('refuses %s, and adds nothing', async (_name, data, error) => {
    const body = JSON.stringify({ ...file, ...data })
    expect(errorOf(await admin.send('POST', '/products/79/images', { body }))).toBe(error)
    expect(await admin.get('/products/79/images')).toEqual([])
  })

  it('judges its data before the product, and the store view before that', async () => {
    const answers = [
      await admin.send('POST', '/products/4711/images/store/77', { body: '{"label":"x"}' }),
      await admin.send('POST', '/products/4711/images/store/77', { body: JSON.stringify(file) }),
      await admin.send('POST', '/products/4711/images', { body: JSON.stringify(file) }),
      await admin.send('POST', '/products/99/images', { body: JSON.stringify(file) }),
    ]
    expect(answers.map(errorOf)).toEqual([
      '400 The image is not specified',
      STORE_INVALID,
      NOT_FOUND,
      '400 Requested product does not support images',
    ])
  })
})

async function labels(client: RestClient, gallery: string): Promise<readonly string[]> {
  return ((await client.get(gallery)) as readonly { label: string }[]).map(({ label }) => label)
}

describe('GET', () => {
  it('shows an excluded image to administrators alone, and to nobody else that others are not', async () => {
    const gallery = ownGallery()
    const [seen, hidden] = [await admin.add(gallery), await admin.add(gallery, { exclude: 1 })]
    for (const client of [guest, customer]) {
      expect(await client.get(`${gallery}/${seen}`)).not.toHaveProperty('exclude')
      expect(errorOf(await client.send('GET', `${gallery}/${hidden}`))).toBe(NOT_FOUND)
    }
    expect(await admin.get(`${gallery}/${hidden}`)).toHaveProperty('exclude', '1')
  })

  it('judges exclusion by the store view', async () => {
    const gallery = ownGallery()
    const image = await admin.add(gallery)
    await admin.put(`${gallery}/${image}/store/2`, { exclude: 1 })
    expect(await guest.get(gallery)).toHaveLength(1)
    expect(await guest.get(`${gallery}/store/2`)).toEqual([])
  })

  it('shows an empty gallery for a product that has none', async () => {
    expect(await admin.get('/products/99/images')).toEqual([])
    expect(errorOf(await admin.send('GET', '/products/99/images/1'))).toBe('404 Product image not found')
    expect(errorOf(await admin.send('DELETE', '/products/99/images/1'))).toBe(NOT_FOUND)
  })
})

describe('PUT', () => {
  it('puts a file in the place of the image’s, under the same URL', async () => {
    const gallery = ownGallery()
    const image = await admin.add(gallery, { file_name: `replaced${unused}` })
    const { url } = (await admin.get(`${gallery}/${image}`)) as { url: string }
    const jpeg = await picture('jpeg')
    const answer = await admin.put(`${gallery}/${image}`, {
      file_mime_type: 'image/jpeg',
      file_content: jpeg.toString('base64'),
      file_name: 'ignored',
    })
    expect(answer.status).toBe(200)
    expect(await admin.get(`${gallery}/${image}`)).toHaveProperty('url', url)
    expect((await send(server.url, { path: new URL(url).pathname })).body).toEqual(jpeg)
  })

  it.each([
    [
      'bytes that are no image',
      { file_mime_type: 'image/gif', file_content: 'eA==' },
      '400 Resource unknown error.',
    ],
    [
      'no base64',
      { file_mime_type: 'image/gif', file_content: '*' },
      '400 The image content must be valid base64 encoded data',
    ],
    [
      'an unknown type',
      { file_mime_type: 'image/bmp', file_content: GIF },
      '400 Unsupported image MIME type',
    ],
  ])('refuses %s, and changes nothing else', async (_name, data, error) => {
    const gallery = '/products/80/images'
    const image = await admin.add(gallery, { label: 'kept' })
    expect(errorOf(await admin.put(`${gallery}/${image}`, { ...data, label: 'lost' }))).toBe(error)
    expect(await admin.get(`${gallery}/${image}`)).toHaveProperty('label', 'kept')
  })

  it('knows an image by its own product alone', async () => {
    const [gallery, other] = [ownGallery(), ownGallery()]
    const image = await admin.add(gallery, { label: 'mine' })
    expect(errorOf(await admin.put(`${other}/${image}`, { label: 'stolen' }))).toBe(NOT_FOUND)
    expect(errorOf(await admin.send('DELETE', `${other}/${image}`))).toBe(NOT_FOUND)
    expect(await labels(admin, gallery)).toEqual(['mine'])
  })

  it('takes null for nothing, and so pins the gallery as it is', async () => {
    const gallery = ownGallery()
    const image = await admin.add(gallery, { label: 'before' })
    expect((await admin.put(`${gallery}/${image}/store/2`, { label: null })).status).toBe(200)
    await admin.put(`${gallery}/${image}`, { label: 'after' })
    expect(await labels(admin, `${gallery}/store/2`)).toEqual(['before'])
  })
})

describe('what is not documented', () => {
  it('is answered plainly, and logged with its cause', async () => {
    const broken = await startTestServer({ seed: SHOP, log: log.log })
    await broken.storage.database.query(sql('ALTER TABLE catalog_product_entity RENAME TO elsewhere'))
    const answer: HttpAnswer = await restClient(broken.url, null).send('GET', '/products/1/images')
    await broken.stop()
    expect(errorOf(answer)).toBe('500 Resource internal error.')
    expect(log.text()).toContain('relation \\"catalog_product_entity\\" does not exist')
  })

  it('a request says in the log who asked, for what, and what failed', async () => {
    const headers = { 'x-request-id': 'rest-log-line' }
    await send(server.url, { method: 'DELETE', path: '/api/rest/products/1/images/1', headers })
    const [line] = await log.ofRequest('rest-log-line')
    expect(line).toMatchObject({ operation: 'product_images.remove', user: 'guest', fault: 403, status: 403 })
  })
})
