import { NotComparable, type ProductAnswers } from '../../src/comparing/answers'
import { otherHostIn, pathsOfShop } from '../../src/comparing/fetched'
import { inOrder } from '../../src/comparing/inOrder'
import { idsIn, questionOf, questionsAbout } from '../../src/comparing/plan'

const SHOP = { products: ['1', '2', '3', '4'], stores: ['admin', 'german'], sets: ['4'] }

describe('the questions about a shop', () => {
  test('are one for each attribute set, and one for each product with all store views', () => {
    const stores = SHOP.stores
    expect(questionsAbout({ ...SHOP, products: ['1', '2'] })).toEqual([
      { set: '4' },
      { product: '1', stores },
      { product: '2', stores },
    ])
  })

  test('are about a sample that is spread over all products, and the same each time', () => {
    const sampled = (sample: number) =>
      questionsAbout(SHOP, sample).flatMap((question) => ('product' in question ? question.product : []))
    expect([sampled(1), sampled(2), sampled(4), sampled(9)]).toEqual([
      ['1'],
      ['1', '3'],
      SHOP.products,
      SHOP.products,
    ])
  })

  test('must be some', () => {
    expect(() => questionsAbout({ products: [], stores: ['admin'], sets: [] })).toThrow(NotComparable)
    expect(() => questionsAbout({ products: ['1'], stores: [], sets: [] })).toThrow(NotComparable)
  })

  test('are found in their answers', () => {
    const list = { value: [] }
    const views = SHOP.stores.map((store) => ({ store, list }))
    expect(questionOf({ product: '1', views })).toEqual({ product: '1', stores: SHOP.stores })
    expect(questionOf({ set: '4', types: list })).toEqual({ set: '4' })
  })
})

describe('a file of ids', () => {
  test('has one in a line, and each counts once', () => {
    expect(idsIn('7\r\n 8 \n\n7\n', 'ids.txt')).toEqual(['7', '8'])
  })

  test('with anything else is refused by its line', () => {
    expect(() => idsIn('7\nSku\n', 'ids.txt')).toThrow('ids.txt, line 2: expected the id of a product')
  })
})

describe('the addresses of a shop', () => {
  test.each([
    ['http://old.example/api/soap/?wsdl', 'http://old.example', 'http://old.example/api/soap/'],
    ['http://old.example/api/?WSDL', 'http://old.example', 'http://old.example/api/'],
    [
      'https://old.example/shop/api/soap?wsdl=1',
      'https://old.example/shop',
      'https://old.example/shop/api/soap',
    ],
    ['http://api/index.php/api/soap/?wsdl', 'http://api', 'http://api/index.php/api/soap/'],
    [
      'http://old.example/index.php/de/api/soap/?wsdl',
      'http://old.example',
      'http://old.example/index.php/de/api/soap/',
    ],
    [
      'http://old.example:81/api.php?type=soap&wsdl',
      'http://old.example:81',
      'http://old.example:81/api.php?type=soap',
    ],
  ])('that has its WSDL at %s', (wsdl, base, soap) => {
    expect(pathsOfShop(wsdl)).toEqual({ base, soap })
  })

  test.each(['old.example/api/soap', 'ftp://old.example/', ''])('are none for %j', (wsdl) => {
    expect(pathsOfShop(wsdl)).toBeNull()
  })

  test('may be others than those of its images', () => {
    const url = 'https://www.shop.example/media/catalog/product/a.jpg'
    const answers: ProductAnswers = {
      product: '7',
      views: [{ store: 'admin', list: { value: [{ file: '/a.jpg', url }] } }],
    }
    expect(otherHostIn(answers, 'old.example')).toBe('www.shop.example')
    expect(otherHostIn(answers, 'www.shop.example')).toBeNull()
  })
})

describe('work in order', () => {
  const outcomesOf = async <T>(outcomes: AsyncIterable<T>) => {
    const all: T[] = []
    for await (const outcome of outcomes) all.push(outcome)
    return all
  }

  test('yields what comes of the items in their order, so many of them at once', async () => {
    let underWay = 0
    let most = 0
    const outcomes = inOrder([30, 1, 20, 1, 1], 2, async (ms) => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, ms))
      underWay--
      return ms
    })
    expect(await outcomesOf(outcomes)).toEqual([30, 1, 20, 1, 1])
    expect(most).toBe(2)
  })

  test('ends with the first failure', async () => {
    const outcomes = inOrder([1, 2, 3], 3, async (item) => {
      if (item > 1) throw new Error(`item ${item}`)
      return item
    })
    await expect(outcomesOf(outcomes)).rejects.toThrow('item 2')
  })
})
