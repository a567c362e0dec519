import { send } from '../support/http'
import { picture } from '../support/pictures'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { faultOf } from '../support/soap'
import {
  loginTyped,
  postTyped,
  TYPED_ENDPOINT,
  type TypedDialect,
  typedAnswer,
  V2,
  WSI,
} from '../support/typedSoap'

let server: TestServer
let session: string
let content: string
let used = 0

beforeAll(async () => {
  server = await startTestServer({ seed: shopOf(60) })
  session = await loginTyped(server.url)
  content = (await picture('png')).toString('base64')
})

afterAll(() => server.stop())

const freshProduct = () => `p${++used}`
const ask = (body: string) => postTyped(server.url, body)

/** One element in another. */
const within = (name: string, ...parts: readonly string[]) => `<${name}>${parts.join('')}</${name}>`

function imageData({ text }: TypedDialect, name: string, ...fields: readonly string[]): string {
  const file = within('file', text('content', content), text('mime', 'image/png'), text('name', name))
  return within('data', file, ...fields)
}

describe.each([V2, WSI])('$name', (dialect) => {
  const { request, text, list, product, store } = dialect
  const call = (method: string, ...parts: readonly string[]) =>
    ask(request(method, text('sessionId', session) + parts.join('')))

  const create = async (sku: string, name: string, ...fields: readonly string[]) =>
    String(typedAnswer(await call('Create', text(product, sku), imageData(dialect, name, ...fields))))

  const typesOf = async (sku: string) => {
    const images = typedAnswer(await call('List', text(product, sku))) as readonly { types: unknown }[]
    return images.map(({ types }) => types)
  }

  it('creates, lists, updates in a store view, tells and removes an image', async () => {
    const sku = freshProduct()
    const file = await create(sku, `tour_${dialect.name}`, text('label', 'One'), list('types', ['image']))
    const image = {
      file,
      label: 'One',
      position: '1',
      exclude: '1',
      url: `${server.url}/media/catalog/product${file}`,
      types: ['image'],
    }
    expect(typedAnswer(await call('List', text(product, sku)))).toEqual([image])
    const german = [text(product, sku), text('file', file), within('data', text('label', 'Eins'))]
    expect(typedAnswer(await call('Update', ...german, text(store, 'german')))).toMatch(/^(?:true|1)$/)
    const inStore = await call('Info', text(product, sku), text('file', file), text(store, 'german'))
    expect(typedAnswer(inStore)).toEqual({ ...image, label: 'Eins' })
    expect(typedAnswer(await call('Info', text(product, sku), text('file', file)))).toEqual(image)
    await call(
      'Update',
      text(product, sku),
      text('file', file),
      within('data', list('types', [])),
      text(store, 'german'),
    )
    expect(typedAnswer(await call('Remove', text(product, sku), text('file', file)))).toMatch(/^(?:true|1)$/)
    expect(typedAnswer(await call('List', text(product, sku)))).toBe('')
  })

  it('matches parts by name in any order', async () => {
    const sku = freshProduct()
    const answer = await ask(
      request('List', text(store, 'german') + text(product, sku) + text('sessionId', session)),
    )
    expect(typedAnswer(answer)).toBe('')
  })

  it.each(['storeView', 'store'])('takes the store view as %s', async (name) => {
    const answer = await call('List', text(product, freshProduct()), text(name, 'klingon'))
    expect(faultOf(answer)?.code).toBe('100')
  })

  it.each(['identifierType', 'productIdentifierType'])('takes the identifier type as %s', async (name) => {
    const answer = await call('List', text(product, freshProduct()), text(name, 'id'))
    expect(faultOf(answer)?.code).toBe('101')
  })

  it.each([
    ['an array', list('types', ['image', 'thumbnail']), ['image', 'thumbnail']],
    ['repeated elements', text('types', 'image') + text('types', 'thumbnail'), ['image', 'thumbnail']],
    ['an array of one', list('types', ['image']), ['image']],
    ['an array without items', list('types', []), ''],
  ])('takes a list as %s', async (_how, types, expected) => {
    const sku = freshProduct()
    await create(sku, `list_${dialect.name}`, types)
    expect(await typesOf(sku)).toEqual([expected])
  })

  it('clears the types that an update’s list leaves out', async () => {
    const sku = freshProduct()
    const file = await create(sku, `clear_${dialect.name}`, list('types', ['image', 'thumbnail']))
    await call('Update', text(product, sku), text('file', file), within('data', list('types', ['thumbnail'])))
    expect(await typesOf(sku)).toEqual([['thumbnail']])
  })

  it('ignores fields that its types do not have', async () => {
    const sku = freshProduct()
    const file = await create(sku, `fields_${dialect.name}`, text('disabled', '0'), text('nosuch', 'x'))
    const info = await call('Info', text(product, sku), text('file', file))
    expect(typedAnswer(info)).toMatchObject({ exclude: '1' })
  })

  it('takes one typed text as one type of a new image, and as no change of an old one', async () => {
    if (dialect !== V2) return
    const sku = freshProduct()
    const file = await create(sku, 'one_typed', text('types', 'image'))
    await call('Update', text(product, sku), text('file', file), within('data', text('types', 'thumbnail')))
    expect(await typesOf(sku)).toEqual([['image']])
  })

  it('takes an untyped text in place of types for an empty list in v2, and for nothing in WS-I', async () => {
    const sku = freshProduct()
    const file = await create(sku, `words_${dialect.name}`, list('types', ['image']))
    await create(sku, `more_words_${dialect.name}`, within('types', 'image'))
    await call('Update', text(product, sku), text('file', file), within('data', within('types', 'thumbnail')))
    expect(await typesOf(sku)).toEqual([dialect === V2 ? '' : ['image'], ''])
  })

  it('reads a part that is nil as none', async () => {
    const answer = await call('List', text(product, freshProduct()), `<${store} xsi:nil="true"/>`)
    expect(typedAnswer(answer)).toBe('')
  })

  it('changes nothing when the data is refused', async () => {
    const sku = freshProduct()
    const refused = await call('Create', text(product, sku), within('data', text('label', 'no file')))
    expect(faultOf(refused)).toEqual({ code: '102', message: 'The image is not specified.' })
    expect(typedAnswer(await call('List', text(product, sku)))).toBe('')
  })
})

describe('one URL for v2 and WS-I', () => {
  it('tells them apart request by request, with one session', async () => {
    const sku = freshProduct()
    const v2 = await ask(V2.request('List', V2.text('sessionId', session) + V2.text('product', sku)))
    const wsi = await ask(WSI.request('List', WSI.text('sessionId', session) + WSI.text('productId', sku)))
    expect(v2.text).toContain('<result SOAP-ENC:arrayType="ns1:catalogProductImageEntity[0]"')
    expect(wsi.text).toContain('<ns1:catalogProductAttributeMediaListResponseParam><result/>')
  })

  it('calls any method in WS-I, with a list or a map of arguments', async () => {
    const sku = freshProduct()
    const file = within(
      'file',
      within('mime', 'image/png'),
      within('content', content),
      within('name', 'called'),
    )
    const list = [sku, file + within('types', 'image')]
      .map((item) => within('complexObjectArray', item))
      .join('')
    const callParam = (path: string, args: string) =>
      ask(
        `<m:callParam><sessionId>${session}</sessionId><resourcePath>product_media.${path}</resourcePath>${args}</m:callParam>`,
      )
    expect(typedAnswer(await callParam('create', within('args', list)))).toBe('/c/a/called.png')
    const listed = await callParam('list', within('args', within('product', sku)))
    expect(typedAnswer(listed)).toEqual([
      expect.objectContaining({ file: '/c/a/called.png', position: '1', types: ['image'] }),
    ])
    expect(typedAnswer(await callParam('list', within('args', sku)))).toEqual(typedAnswer(listed))
  })

  describe.each<[method: string, ...required: readonly string[]]>([
    ['List', 'productId'],
    ['Info', 'productId', 'file'],
    ['Create', 'productId', 'data'],
    ['Update', 'productId', 'file', 'data'],
    ['Remove', 'productId', 'file'],
    ['Types', 'setId'],
  ])('WS-I’s %s', (method, ...required) => {
    const given = (names: readonly string[], by = session) =>
      ask(WSI.request(method, [...names.map((name) => within(name, '')), within('sessionId', by)].join('')))

    it.each(required)('is fault 6 without %s, before the session is looked at', async (missing) => {
      const others = required.filter((name) => name !== missing)
      const fault = {
        code: '6',
        message: 'Required parameter is missing, for more details see "exception.log".',
      }
      expect(faultOf(await given(others))).toEqual(fault)
      expect(faultOf(await given(others, 'none'))).toEqual(fault)
      expect(faultOf(await given([...others, missing.toUpperCase()]))).toEqual(fault)
      expect(
        faultOf(await ask(WSI.request(method, others.map((name) => within(name, '')).join('')))),
      ).toEqual(fault)
    })

    it('takes an empty element as given', async () => {
      expect(faultOf(await given(required))?.code).toBe(method === 'Types' ? undefined : '101')
      expect(faultOf(await given(required, 'none'))?.code).toBe('5')
    })
  })

  it('asks for a session in WS-I where nothing is required', async () => {
    expect(faultOf(await ask(WSI.request('CurrentStore', '')))?.code).toBe('5')
  })

  it('makes several calls at once in WS-I', async () => {
    const call = (path: string, argument: string) =>
      within('complexObjectArray', within('complexObjectArray', path), within('complexObjectArray', argument))
    const calls = call('product_media.list', freshProduct()) + call('product_media.list', 'no such product')
    const answer = await ask(
      `<m:multiCallParam><sessionId>${session}</sessionId>${within('calls', calls)}</m:multiCallParam>`,
    )
    expect(typedAnswer(answer)).toEqual([
      '',
      { isFault: 'true', faultCode: '101', faultMessage: 'Product not exists.' },
    ])
  })

  it.each(['resourcesRequestParam', 'resourcesParam'])(
    'lists the resources in WS-I for %s',
    async (element) => {
      const answer = await ask(`<m:${element}><sessionId>${session}</sessionId></m:${element}>`)
      expect(typedAnswer(answer)).toMatchObject([{ name: 'catalog_product_attribute_media' }])
    },
  )

  it('has no `call` in v2, which Magento’s has not either', async () => {
    const answer = await ask('<m:call><sessionId>x</sessionId></m:call>')
    expect(answer.status).toBe(500)
    expect(faultOf(answer)).toEqual({ code: 'SOAP-ENV:Server', message: "Procedure 'call' not present" })
  })

  it('reads a WS-I request without its parts as one with none', async () => {
    expect(faultOf(await ask('<m:loginParam/>'))?.code).toBe('6')
    expect(typedAnswer(await ask('<m:endSessionParam/>'))).toBe('true')
  })

  it('misses the parts of a v2 request, as PHP does', async () => {
    expect(faultOf(await ask('<m:login/>'))).toEqual({
      code: 'SOAP-ENV:Client',
      message: 'Missing parameter',
    })
  })

  it('follows references in the data of v2', async () => {
    const sku = freshProduct()
    const answer = await ask(
      `${V2.request(
        'Create',
        `${V2.text('sessionId', session)}${V2.text('product', sku)}<data href="#data"/>`,
      )}<multi id="data" xsi:type="m:catalogProductAttributeMediaCreateEntity"><file href="#file"/></multi>
       <multi id="file" xsi:type="m:catalogProductImageFileEntity">${V2.text('content', content)}${V2.text('mime', 'image/png')}</multi>`,
    )
    expect(typedAnswer(answer)).toMatch(/^\/i\/m\/image.*\.png$/)
  })

  it('takes v2’s data as an Apache map', async () => {
    const entry = (key: string, value: string) => within('item', V2.text('key', key), value)
    const file = [entry('content', V2.text('value', content)), entry('mime', V2.text('value', 'image/png'))]
    const answer = await ask(
      V2.request(
        'Create',
        `${V2.text('sessionId', session)}${V2.text('product', freshProduct())}` +
          `<data xsi:type="map:Map">${entry('file', `<value xsi:type="map:Map">${file.join('')}</value>`)}</data>`,
      ),
    )
    expect(typedAnswer(answer)).toMatch(/\.png$/)
  })
})

describe('the WSDLs of v2 and WS-I', () => {
  const wsdl = async (query: string, asked = server) =>
    (await send(asked.url, { path: `${TYPED_ENDPOINT}${query}` })).text

  it.each([
    ['?wsdl', 'rpc'],
    ['?wsdl=1', 'rpc'],
    ['wsdl/1/', 'rpc'],
    ['?wsdl&wsi=1', 'document'],
    ['wsdl/1/?wsi=1', 'document'],
    ['?wsdl&wsi=0', 'rpc'],
  ])('%s is that of style %s', async (query, style) => {
    const text = await wsdl(query)
    expect(text).toContain(`<soap:binding style="${style}"`)
    expect(text).toContain(`<soap:address location="${server.url}${TYPED_ENDPOINT}"/>`)
  })

  it('is WS-I’s by default where the setting says so', async () => {
    const own = await startTestServer({
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_V2_WSDL: 'wsi' },
    })
    expect(await wsdl('?wsdl', own)).toContain('<soap:binding style="document"')
    expect(await wsdl('?wsdl&wsi=0', own)).toContain('<soap:binding style="rpc"')
    await own.stop()
  })
})
