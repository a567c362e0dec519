import fc from 'fast-check'
import { typesOf } from '../../src/catalog/gallery'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { dumpOf, type MadeTables, madeShop } from '../support/magentoShop'
import { startTestServer } from '../support/server'
import { importInto } from './support/importing'
import { isMariadbThere, makeDatabase } from './support/mariadb'

/**
 * Random galleries are written into a real MariaDB, dumped by its own program under random options, imported, and compared with
 * what a model of Magento makes of the same rows (docs/reference/importing.md).
 */

const STORES = [0, 2, 5]
const PRODUCTS = [10, 11, 12]
/** The types of set 4 of the made shop in their order, by the ids of their attributes. */
const TYPES = [
  [500, 'back_image'],
  [85, 'image'],
  [86, 'small_image'],
] as const

const path = fc.constantFrom(
  null,
  '',
  '/a/b/x.gif',
  '/A/B/x.gif',
  `/q/u/quo'te"\\.jpg`,
  'no/slash.png',
  '/u/m/ümläut 日本.webp',
)
const text = fc.oneof(
  fc.constantFrom(null, '', ' ', '0', "'", '\\', '\n\r\t', '`;--', '/* */', '\u001a', 'ü€日本'),
  fc.string({ maxLength: 20 }).map((given) => Buffer.from(given.replaceAll('\0', '')).toString()),
)
const position = fc.option(fc.constantFrom(0, 1, 2, 7, 4294967295))

interface ImageRow {
  readonly value_id: number
  readonly attribute_id: number
  readonly entity_id: number
  readonly value: string | null
}
interface ValueRow {
  readonly value_id: number
  readonly store_id: number
  readonly label: string | null
  readonly position: number | null
  readonly disabled: number
}
interface TypeRow {
  readonly entity_type_id: number
  readonly attribute_id: number
  readonly store_id: number
  readonly entity_id: number
  readonly value: string | null
}

const images = fc
  .array(fc.record({ entity_id: fc.constantFrom(...PRODUCTS), value: path }), { minLength: 1, maxLength: 10 })
  .map((rows): readonly ImageRow[] =>
    rows.map((row, index) => ({ value_id: index + 1, attribute_id: 88, ...row })),
  )
const values = fc.uniqueArray(
  fc.record({
    value_id: fc.integer({ min: 1, max: 10 }),
    store_id: fc.constantFrom(...STORES),
    label: text,
    position,
    disabled: fc.constantFrom(0, 1, 2),
  }),
  { selector: ({ value_id, store_id }) => `${value_id} ${store_id}`, minLength: 1, maxLength: 20 },
)
const types = fc.uniqueArray(
  fc.record({
    entity_type_id: fc.constant(4),
    attribute_id: fc.constantFrom(...TYPES.map(([id]) => id)),
    store_id: fc.constantFrom(...STORES),
    entity_id: fc.constantFrom(...PRODUCTS),
    value: fc.oneof(path, fc.constant('no_selection')),
  }),
  {
    selector: ({ attribute_id, store_id, entity_id }) => `${attribute_id} ${store_id} ${entity_id}`,
    minLength: 1,
    maxLength: 20,
  },
)
const options = fc.subarray(
  [
    '--skip-extended-insert',
    '--complete-insert',
    '--hex-blob',
    '--skip-comments',
    '--skip-opt --create-options',
    '--no-autocommit',
    '--replace',
    '--compact',
    '--quote-names',
  ],
  { maxLength: 5 },
)

/** What Magento lists of a product in a store view. */
function listed(
  product: number,
  store: number,
  rows: { images: readonly ImageRow[]; values: readonly ValueRow[]; types: readonly TypeRow[] },
) {
  const rowOf = (id: number, scope: number) =>
    rows.values.find(({ value_id, store_id }) => value_id === id && store_id === scope)
  const place = (at: number | null | undefined) => at ?? -1
  const kept = rows.images
    .filter(({ entity_id }) => entity_id === product)
    .sort(
      (one, other) =>
        place(rowOf(one.value_id, 0)?.position) - place(rowOf(other.value_id, 0)?.position) ||
        one.value_id - other.value_id,
    )
    .filter(
      (image, index, all) => all.findIndex(({ value }) => (value ?? '') === (image.value ?? '')) === index,
    )
  const shows = (attribute: number, file: string) => {
    const typeIn = (scope: number) =>
      rows.types.find(
        (row) => row.entity_id === product && row.attribute_id === attribute && row.store_id === scope,
      )
    return ((typeIn(store) ?? typeIn(0))?.value ?? '') === file
  }
  return kept
    .map(({ value_id: id, value: file }) => {
      const [own, fallback] = [rowOf(id, store), rowOf(id, 0)]
      return {
        id,
        file,
        label: own?.label ?? fallback?.label ?? null,
        position: own?.position ?? fallback?.position ?? null,
        exclude: own?.disabled ?? fallback?.disabled ?? null,
        types: TYPES.filter(([attribute]) => shows(attribute, file ?? '')).map(([, code]) => code),
      }
    })
    .sort((one, other) => place(one.position) - place(other.position) || one.id - other.id)
}

if (!isMariadbThere() && !process.env.KEEPSAKE_REQUIRE_ALL)
  test('random shops: not run, no MariaDB answers', () => {})
else
  test('random shops are listed as Magento lists them, from whatever dump of theirs', async () => {
    await fc.assert(
      fc.asyncProperty(images, values, types, options, async (ofImages, ofValues, ofTypes, chosen) => {
        const tables: MadeTables = {
          ...madeShop('x'),
          catalog_product_entity_media_gallery: ofImages.map((row) => ({ ...row })),
          catalog_product_entity_media_gallery_value: ofValues.map((row) => ({ ...row })),
          catalog_product_entity_varchar: ofTypes.map((row) => ({ ...row })),
        }
        const database = makeDatabase()
        const server = await startTestServer()
        try {
          database.run(`SET NAMES utf8mb4;\n${asLoaded(dumpOf(tables))}`)
          await importInto(server, { dump: database.dump(chosen.flatMap((option) => option.split(' '))) })
          const galleries = new PostgresGalleries(server.storage.database)
          for (const product of PRODUCTS)
            for (const store of STORES) {
              const found = await galleries.view({ id: product }, store)
              const answer = found?.gallery.images.map((image) => ({
                ...image,
                types: typesOf(found.gallery, image.id),
              }))
              const model = listed(product, store, { images: ofImages, values: ofValues, types: ofTypes })
              expect({ product, store, answer }).toEqual({ product, store, answer: model })
            }
        } finally {
          await server.stop()
          database.drop()
        }
      }),
      { numRuns: 25 },
    )
  }, 600_000)

/** The made dump has a key on the first column of each table, which not all of Magento's have. */
function asLoaded(dump: string): string {
  return dump
    .replace(/,\n {2}PRIMARY KEY \(`\w+`\)/g, '')
    .replaceAll('ENGINE=InnoDB;', 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;')
    .replace('/*!40101 SET NAMES utf8 */;', '')
}
