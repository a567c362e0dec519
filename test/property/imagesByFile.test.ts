import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { GalleryChanges } from '../../src/catalog/galleryChanges'
import { MAGENTO_1 } from '../../src/catalog/imageRules'
import type { ImageStore, MediaFiles } from '../../src/catalog/ports'
import { ImagesByFile } from '../../src/catalog/rpc/imagesByFile'
import { Fault } from '../../src/contract/fault'
import { type RequestContext, requestContext } from '../../src/contract/request'
import { fieldsOf, itemsOf, type Value } from '../../src/contract/value'
import { DecodingProbe } from '../../src/images/decoding/decodingProbe'
import { ImageDecoder } from '../../src/images/decoding/imageDecoder'
import { MemoryImages } from '../../src/images/memoryImages'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresMediaFiles } from '../../src/store/galleries/mediaFiles'
import { PostgresStoreViews } from '../../src/store/shop/storeViews'
import { AUTHOR, newProduct, seedCatalog } from '../support/catalog'
import { type OpenDatabase, openEmbedded } from '../support/databases'
import { type Changes, GalleryModel, NameModel, type ShownImage } from './galleryModel'

const PUBLIC_URL = 'http://shop.example'
const SCOPES = [0, 1, 2, 3, 4]
const GIFS = [
  'R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=',
  'R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAkQBADs=',
] as const

/** One product is in website 1, whose store views are 1, 2 and 3; the other also in website 2, whose is 4. */
const PRODUCTS = [
  { websites: [1], scopes: [0, 1, 2, 3] },
  { websites: [1, 2], scopes: [0, 1, 2, 3, 4] },
]

/** A value as a client may send it, and the number that it is read as. */
const POSITIONS: readonly (readonly [sent: Value, read: number])[] = [
  [0, 0],
  [1, 1],
  [2, 2],
  ['3', 3],
  ['12abc', 12],
  ['abc', 0],
  ['1e2', 100],
  [2.7, 2],
  [true, 1],
  [-5, 0],
  [4294967295, 4294967295],
  ['99999999999', 4294967295],
]
const EXCLUDES: readonly (readonly [sent: Value, read: number])[] = [
  [0, 0],
  ['0', 0],
  [false, 0],
  [1, 1],
  [true, 1],
  ['2', 2],
  [70000, 65535],
]

interface SentChanges {
  readonly label: string | null
  readonly position: readonly [sent: Value, read: number] | null
  readonly exclude: readonly [sent: Value, read: number] | null
  readonly types: readonly string[] | string | null
}

type Operation = { readonly product: number; readonly scope: number } & (
  | { readonly kind: 'list' }
  | { readonly kind: 'create'; readonly base: string; readonly gif: number; readonly changes: SentChanges }
  | {
      readonly kind: 'update'
      readonly image: number
      readonly gif: number | null
      readonly changes: SentChanges
    }
  | { readonly kind: 'info'; readonly image: number }
  | { readonly kind: 'remove'; readonly image: number }
)

const type = fc.constantFrom('image', 'small_image', 'thumbnail', 'media_gallery')
const changes: fc.Arbitrary<SentChanges> = fc.record({
  label: fc.option(fc.constantFrom('', 'front', 'Rückseite', ' <&> ')),
  position: fc.option(fc.constantFrom(...POSITIONS)),
  exclude: fc.option(fc.constantFrom(...EXCLUDES)),
  types: fc.option(fc.oneof({ weight: 4, arbitrary: fc.array(type, { maxLength: 3 }) }, type)),
})
/** Mostly one and the same, so that what is done to it adds up. */
const product = fc.constantFrom(0, 0, 0, 1)
/** Mostly the default scope and one store view, so that they meet. */
const scope = fc.constantFrom(...SCOPES, 0, 0, 2, 2)
const image = fc.nat(20)
const gif = fc.nat(GIFS.length - 1)
const base = fc.constantFrom('photo', 'photo_1', 'Photo')

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create'), product, scope, base, gif, changes }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('update'),
      product,
      scope,
      image,
      gif: fc.option(gif),
      changes,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), product, scope, image }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('info'), product, scope, image }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('list'), product, scope }) },
)

let opened: OpenDatabase
let images: ImageStore
let files: MediaFiles
let media: ImagesByFile

beforeAll(async () => {
  opened = await openEmbedded()
  const { database } = opened
  await seedCatalog(database)
  images = new MemoryImages()
  files = new PostgresMediaFiles(database)
  const galleries = new PostgresGalleries(database)
  media = new ImagesByFile({
    galleries,
    storeViews: new PostgresStoreViews(database),
    changes: new GalleryChanges({
      galleries,
      images,
      imageProbe: new DecodingProbe(
        new ImageDecoder({ maxPixels: 100, concurrency: 2, timeoutSeconds: 20 }),
        MAGENTO_1.formats,
      ),
      reusesSameImage: false,
      uniqueMark: () => randomBytes(8).toString('hex'),
      onReplaced: async () => {},
    }),
    imageRules: MAGENTO_1,
    imageDisplay: { numbers: 'texts', hashes: [] },
  })
})

afterAll(() => opened.close())

test('whatever is done to galleries in whatever store view, every store view shows what the model shows', async () => {
  const operations = fc.array(operation, { minLength: 1, maxLength: 30, size: 'max' })
  await fc.assert(
    fc.asyncProperty(operations, async (sequence) => {
      const world = await World.make()
      for (const each of sequence) await world.run(each)
      await world.checkFiles()
    }),
    // A counterexample is made smaller for as long as there is time, and told before the test runs out of it.
    { numRuns: 50, interruptAfterTimeLimit: 25_000 },
  )
})

/** Products of their own on both sides: the server's, and the model's. */
class World {
  readonly #names = new NameModel()
  /** The content that was last sent for each path. */
  readonly #contents = new Map<string, string>()

  constructor(
    /** Sets the names of this world apart from all others in the same database. */
    private readonly mark: string,
    private readonly products: readonly {
      readonly id: number
      readonly model: GalleryModel
      readonly files: string[]
    }[],
  ) {}

  static async make(): Promise<World> {
    const products: { id: number; model: GalleryModel; files: string[] }[] = []
    for (const { websites, scopes } of PRODUCTS) {
      const id = await newProduct(opened.database, websites)
      products.push({ id, model: new GalleryModel(scopes), files: [] })
    }
    return new World(randomBytes(6).toString('hex'), products)
  }

  async run(operation: Operation): Promise<void> {
    const { id, model } = this.#product(operation)
    expect(await this.#real(operation)).toEqual(this.#expected(operation))
    for (const scope of SCOPES) expect(await shownList(id, scope)).toEqual(model.list(scope))
  }

  /** Files stay, with what was last put in them, whether or not their images do. */
  async checkFiles(): Promise<void> {
    for (const [path, content] of this.#contents) {
      const file = await files.find(path)
      const bytes = file && (await images.open(file.storageKey))
      expect(bytes && (await buffer(bytes.read())).toString('base64')).toBe(content)
    }
  }

  async #real(operation: Operation): Promise<unknown> {
    const { scope, kind } = operation
    const { id } = this.#product(operation)
    const target = { product: id, identifierType: null }
    if (kind === 'list') return shownList(id, scope)
    if (kind === 'create') {
      const data = dataOf(operation.changes, operation.gif, `${this.mark}${operation.base}`)
      return media.create({ ...target, data, store: scope }, request())
    }
    const file = this.#file(operation)
    if (kind === 'info')
      return orFault(async () => shown(await media.info({ ...target, file, store: scope }, request())))
    if (kind === 'remove') return orFault(() => media.remove({ ...target, file }, request(scope)))
    const data = dataOf(operation.changes, operation.gif, 'ignored')
    return orFault(() => media.update({ ...target, file, data, store: scope }, request()))
  }

  #expected(operation: Operation): unknown {
    const { scope, kind } = operation
    const { model, files } = this.#product(operation)
    if (kind === 'list') return model.list(scope)
    if (kind === 'create') {
      const file = this.#names.claim(`${this.mark}${operation.base}`, 'gif')
      files.push(file)
      this.#contents.set(file, contentOf(operation.gif))
      model.create(scope, file, asRead(operation.changes))
      return file
    }
    const file = this.#file(operation)
    if (!model.has(file)) return { fault: 103 }
    if (kind === 'info') return model.info(scope, file)
    if (kind === 'remove') model.remove(scope, file)
    else {
      model.update(scope, file, asRead(operation.changes))
      if (operation.gif !== null) this.#contents.set(file, contentOf(operation.gif))
    }
    return true
  }

  #product({ product }: Operation) {
    const found = this.products[product]
    if (!found) throw new Error(`there is no product ${product}`)
    return found
  }

  /** One of the paths that the product's images were ever given, removed or not. */
  #file(operation: Operation & { readonly image: number }): string {
    const { files } = this.#product(operation)
    return files[operation.image % Math.max(files.length, 1)] ?? '/n/o/nosuch.gif'
  }
}

async function shownList(product: number, scope: number): Promise<readonly ShownImage[]> {
  const list = await media.list({ product, store: scope, identifierType: null }, request())
  return (itemsOf(list) ?? []).map(shown)
}

/** The image as an object, once its URL has been seen to be its file's. */
function shown(answer: Value): ShownImage {
  const { url, ...image } = Object.fromEntries(fieldsOf(answer) ?? [])
  expect(url).toBe(`${PUBLIC_URL}/media/catalog/product${image.file}`)
  return image as unknown as ShownImage
}

async function orFault<T>(call: () => Promise<T>): Promise<T | { fault: number }> {
  try {
    return await call()
  } catch (thrown) {
    if (thrown instanceof Fault) return { fault: thrown.code }
    throw thrown
  }
}

function request(currentStore = 0): RequestContext {
  const context = requestContext({ publicUrl: PUBLIC_URL, clientAddress: '127.0.0.1', isConfidential: true })
  context.scope.enterStore(currentStore)
  context.scope.nameAuthor(AUTHOR)
  return context
}

/** The data of a create or update; without a GIF, no file is given. */
function dataOf({ label, position, exclude, types }: SentChanges, gif: number | null, name: string): Value {
  const file = new Map([
    ['content', gif === null ? null : contentOf(gif)],
    ['mime', 'image/gif'],
    ['name', name],
  ])
  return new Map<string, Value>([
    ['file', file],
    ['label', label],
    ['position', position?.[0] ?? null],
    ['exclude', exclude?.[0] ?? null],
    ['types', types],
  ])
}

function contentOf(gif: number): string {
  return GIFS[gif] ?? ''
}

function asRead({ label, position, exclude, types }: SentChanges): Changes {
  return { label, position: position?.[1] ?? null, exclude: exclude?.[1] ?? null, types }
}
