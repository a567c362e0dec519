import type { Answer, Plain, PlainMap, ProductAnswers, SetAnswers } from '../../src/comparing/answers'
import { differencesOf } from '../../src/comparing/differences'

const OLD_BASE = 'https://www.shop.example/media'
const NEW_BASE = 'http://127.0.0.1:8080/media'

const image = (file: string, fields: PlainMap = {}, base = OLD_BASE): PlainMap => ({
  file,
  label: 'Front',
  position: '1',
  exclude: '0',
  url: `${base}/catalog/product${file}`,
  types: ['image'],
  ...fields,
})

const value = (plain: Plain): Answer => ({ value: plain })

const listing = (list: Answer, others: Partial<ProductAnswers> = {}): ProductAnswers => ({
  product: '7',
  views: [{ store: 'german', list }],
  ...others,
})

const differ = (old: readonly Plain[], here: readonly Plain[]) =>
  differencesOf(listing(value(old)), listing(value(here)))

const PLACE = { asked: 'list', product: '7', store: 'german' }

describe('lists of images', () => {
  test('are the same where only what URLs begin with differs', () => {
    expect(differ([image('/a.jpg')], [image('/a.jpg', {}, NEW_BASE)])).toEqual([])
    const elsewhere = { url: 'https://images.example/catalog/product/a.jpg' }
    expect(differ([image('/a.jpg', elsewhere)], [image('/a.jpg')])).toEqual([])
  })

  test.each([
    ['label', 'Front', 'Back'],
    ['label', 'Front', ''],
    ['label', '', null],
    ['position', '1', '2'],
    ['position', '1', 1],
    ['exclude', '0', '1'],
    ['types', ['image', 'thumbnail'], ['image']],
    ['types', ['image', 'thumbnail'], ['thumbnail', 'image']],
  ])('differ in the field %s: %j and %j', (field, old, here) => {
    expect(differ([image('/a.jpg', { [field]: old })], [image('/a.jpg', { [field]: here })])).toEqual([
      { ...PLACE, item: '/a.jpg', kind: 'field', field, old, here },
    ])
  })

  test('differ in the file that a URL leads to', () => {
    const url = `${NEW_BASE}/catalog/product/other.jpg`
    expect(differ([image('/a.jpg')], [image('/a.jpg', { url })])).toEqual([
      {
        ...PLACE,
        item: '/a.jpg',
        kind: 'field',
        field: 'url',
        old: '/catalog/product/a.jpg',
        here: '/catalog/product/other.jpg',
      },
    ])
  })

  test('differ where one of them has a field more', () => {
    expect(differ([image('/a.jpg')], [image('/a.jpg', { md5: 'x' })])).toEqual([
      { ...PLACE, item: '/a.jpg', kind: 'field', field: 'md5', here: 'x' },
    ])
    expect(differ([image('/a.jpg', { md5: 'x' })], [image('/a.jpg')])).toEqual([
      { ...PLACE, item: '/a.jpg', kind: 'field', field: 'md5', old: 'x' },
    ])
  })

  test('tell an image that one of them lacks once, and not each image after it', () => {
    const [a, b, c] = [image('/a.jpg'), image('/b.jpg'), image('/c.jpg')]
    expect(differ([a, b, c], [b, c])).toEqual([{ ...PLACE, item: '/a.jpg', kind: 'missing', old: a }])
    expect(differ([b, c], [a, b, c])).toEqual([{ ...PLACE, item: '/a.jpg', kind: 'extra', here: a }])
  })

  test('tell another order of the images that both have', () => {
    const [a, b, c] = [image('/a.jpg'), image('/b.jpg'), image('/c.jpg')]
    expect(differ([a, b, c], [c, a])).toEqual([
      { ...PLACE, item: '/b.jpg', kind: 'missing', old: b },
      { ...PLACE, kind: 'order', old: ['/a.jpg', '/c.jpg'], here: ['/c.jpg', '/a.jpg'] },
    ])
  })

  test('compare images of the same file by their turn', () => {
    const twice = [image('/a.jpg'), image('/a.jpg', { label: 'Back' })]
    expect(differ(twice, twice)).toEqual([])
    expect(differ(twice, [image('/a.jpg')])).toEqual([
      { ...PLACE, item: '/a.jpg (2)', kind: 'missing', old: twice[1] },
    ])
  })
})

describe('faults', () => {
  const fault = (message: string): Answer => ({ fault: '101', message })

  test('are answers, which are the same with the same code and text', () => {
    expect(differencesOf(listing(fault('None.')), listing(fault('None.')))).toEqual([])
    expect(differencesOf(listing(fault('None.')), listing(fault('Nothing.')))).toEqual([
      { ...PLACE, kind: 'answer', old: fault('None.'), here: fault('Nothing.') },
    ])
    expect(differencesOf(listing(fault('None.')), listing(value([])))).toEqual([
      { ...PLACE, kind: 'answer', old: fault('None.'), here: value([]) },
    ])
  })

  test('are unlike no answer at all, which is the same as nothing', () => {
    const failure: Answer = { failure: 'no SOAP, with status 500' }
    expect(differencesOf(listing(failure), listing(failure))).toEqual([
      { ...PLACE, kind: 'answer', old: failure, here: failure },
    ])
  })
})

describe('what is asked beside lists', () => {
  const view = (label: string, infoLabel = label) => ({
    store: 'german',
    list: value([image('/a.jpg', { label })]),
    info: { '/a.jpg': value(image('/a.jpg', { label: infoLabel })) },
  })
  const product = (...labels: Parameters<typeof view>): ProductAnswers => ({
    product: '7',
    views: [view(...labels)],
  })

  test('info tells what the list has not told', () => {
    const ofList = {
      ...PLACE,
      item: '/a.jpg',
      kind: 'field',
      field: 'label',
      old: 'Front',
      here: 'Back',
    }
    expect(differencesOf(product('Front'), product('Back'))).toEqual([ofList])
    expect(differencesOf(product('Front'), product('Front', 'Back'))).toEqual([{ ...ofList, asked: 'info' }])
  })

  test('REST lists images by their URLs, and tells their ids', () => {
    const rest = (id: string, base: string): ProductAnswers => {
      const { file: _file, ...fields } = image('/a.jpg', {}, base)
      return listing(value([]), {
        views: [{ store: 'german', list: value([]), rest: value([{ id, ...fields }]) }],
      })
    }
    expect(differencesOf(rest('5', OLD_BASE), rest('5', NEW_BASE))).toEqual([])
    expect(differencesOf(rest('5', OLD_BASE), rest('6', NEW_BASE))).toEqual([
      {
        ...PLACE,
        asked: 'rest',
        item: '/catalog/product/a.jpg',
        kind: 'field',
        field: 'id',
        old: '5',
        here: '6',
      },
    ])
  })

  test('bytes are compared for the images of both', () => {
    const [one, other] = [{ sha256: 'aa', size: 1 }, { failure: 'status 404' }]
    const bytes = (of: ProductAnswers['bytes']) => listing(value([]), { bytes: of })
    expect(differencesOf(bytes({ '/a.jpg': one }), bytes({ '/a.jpg': one, '/b.jpg': one }))).toEqual([])
    expect(differencesOf(bytes({ '/a.jpg': one }), bytes({ '/a.jpg': other }))).toEqual([
      { asked: 'bytes', product: '7', item: '/a.jpg', kind: 'bytes', old: one, here: other },
    ])
  })

  test('types are compared by their codes', () => {
    const types = (...codes: readonly string[]): SetAnswers => ({
      set: '4',
      types: value(codes.map((code) => ({ code, scope: 'store' }))),
    })
    expect(differencesOf(types('image', 'swatch'), types('image'))).toEqual([
      { asked: 'types', set: '4', item: 'swatch', kind: 'missing', old: { code: 'swatch', scope: 'store' } },
    ])
    expect(differencesOf(types('image', 'swatch'), types('swatch', 'image'))).toEqual([
      { asked: 'types', set: '4', kind: 'order', old: ['image', 'swatch'], here: ['swatch', 'image'] },
    ])
  })
})
