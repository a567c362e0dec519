import { control, DOUBLE } from '../support/control'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login, type SoapClient } from '../support/soap'

let server: TestServer
let client: SoapClient

beforeEach(async () => {
  server = await startTestServer({ seed: SMALL_SHOP, environment: DOUBLE })
  client = await login(server.url)
})
afterEach(() => server.stop())

interface View {
  storeId: number
  label: { value: string; own: boolean }
  position: { value: number; own: boolean }
  types: { code: string; own: boolean }[]
}

async function gallery() {
  return (await control(server.url, 'GET', '/galleries/1')) as {
    storeViews: { id: number; code: string; website: string }[]
    images: { id: number; file: string; url: string; views: View[] }[]
  }
}

async function add(name: string, more: object = {}): Promise<number> {
  const content = (await picture('jpeg')).toString('base64')
  const image = { name, mime: 'image/jpeg', content, ...more }
  return ((await control(server.url, 'POST', '/galleries/1/images', image)) as { id: number }).id
}

const seenIn = async (storeId: number) =>
  (await gallery()).images[0]?.views.find((view) => view.storeId === storeId)

describe('a gallery, to an operator', () => {
  it('is shown in the default scope and in each store view of the product', async () => {
    expect((await gallery()).storeViews).toEqual([
      { id: 0, code: 'admin', website: 'admin' },
      { id: 1, code: 'default', website: 'base' },
      { id: 2, code: 'german', website: 'base' },
    ])
  })

  it('tells what a store view has of its own from what it inherits', async () => {
    const id = await add('front', { label: 'Front', types: ['image'] })
    await control(server.url, 'PUT', `/galleries/1/images/${id}?store=2`, { label: 'Vorne' })
    expect(await seenIn(2)).toMatchObject({
      label: { value: 'Vorne', own: true },
      position: { value: 1, own: true },
      types: [{ code: 'image', own: true }],
    })
    expect(await seenIn(1)).toMatchObject({
      label: { value: 'Front', own: false },
      position: { value: 1, own: false },
      types: [{ code: 'image', own: false }],
    })
  })

  it('is what an API client sees', async () => {
    await add('front', { label: 'Front', exclude: true })
    expect(await client.call('product_media.list', 'Sku')).toMatchObject([
      { file: '/f/r/front.jpg', label: 'Front', position: '1', exclude: '1' },
    ])
  })

  it('is put into another order', async () => {
    const [one, two, three] = [await add('one'), await add('two'), await add('three')]
    await control(server.url, 'PUT', '/galleries/1/order', { images: [three, one, two] })
    expect((await gallery()).images.map(({ id }) => id)).toEqual([three, one, two])
  })

  it('is not reordered by a list that is not of all its images', async () => {
    const [one] = [await add('one'), await add('two')]
    for (const images of [[one], [one, one], [one, 99]])
      await expect(control(server.url, 'PUT', '/galleries/1/order', { images })).rejects.toThrow(
        /^409 .*changed meanwhile/,
      )
  })

  it('loses an image, unless a type shows it elsewhere', async () => {
    const id = await add('front', { types: ['image'] })
    const remove = (store: number) =>
      control(server.url, 'DELETE', `/galleries/1/images/${id}?store=${store}`)
    expect(await remove(2)).toEqual({ removed: false })
    expect(await remove(0)).toEqual({ removed: true })
    expect((await gallery()).images).toEqual([])
  })

  it.each([
    ['a product', '/galleries/9/images', {}, '404 .*no product'],
    ['a store view', '/galleries/1/images', { store: 9 }, '404 .*no such store view'],
  ])('is not changed for %s that is not there', async (_what, path, more, error) => {
    const image = { name: 'a', mime: 'image/jpeg', content: 'AAAA', ...more }
    await expect(control(server.url, 'POST', path, image)).rejects.toThrow(new RegExp(`^${error}`))
  })

  it.each([
    ['of another type', { mime: 'image/webp' }, 'An image is a JPEG, a PNG or a GIF.'],
    ['that is not base64', { content: '!' }, 'The content is not base64.'],
    ['that is no image', { content: 'AAAA' }, 'Unsupported image format.'],
    ['whose name is a path', { name: 'a/b' }, 'Cannot create image.'],
  ])('takes no file %s', async (_what, wrong, error) => {
    await expect(add('front', wrong)).rejects.toThrow(`400 {"error":"${error}","reason":"image_refused"}`)
  })
})
