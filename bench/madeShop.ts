import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

type Row = readonly (number | string | null)[]

/** How large a made shop is. */
export interface MadeShop {
  readonly products: number
  readonly imagesOfProduct: number
  /** Store views 1 and so on, beside the default scope. */
  readonly storeViews: number
}

const ROWS_OF_INSERT = 1000
/** Directories of a made media folder. */
const DIRECTORIES = 5

/** Returns the path of an image of a made shop, by its number from 1 on. */
export function madePath(image: number): string {
  return `/p/${image % DIRECTORIES}/picture_${image}.jpg`
}

/** Writes a made shop as a dump: each image has values in the default scope and in one store view. */
export async function writeDump(file: string, shop: MadeShop): Promise<void> {
  const out = createWriteStream(file)
  await put(out, '-- MySQL dump\nSET NAMES utf8;\n')
  for (const [name, { columns, rows }] of Object.entries(tablesOf(shop)))
    await writeTable(out, name, columns, rows)
  await put(out, '-- Dump completed\n')
  out.end()
  await once(out, 'finish')
}

/** Writes so many files of so many bytes, which begin as JPEGs do. */
export async function writeMedia(directory: string, files: number, bytes: number): Promise<void> {
  const header = Buffer.from(
    'ffd8ffe000104a46494600010100000100010000ffc00011080030004003012200021101031101',
    'hex',
  )
  for (let at = 0; at < DIRECTORIES; at++)
    await mkdir(path.join(directory, 'catalog/product/p', String(at)), { recursive: true })
  for (let image = 1; image <= files; image++) {
    const content = Buffer.concat([header, Buffer.alloc(bytes - header.length, `${image} `)])
    await writeFile(path.join(directory, 'catalog/product', madePath(image)), content)
  }
}

function tablesOf({ products, imagesOfProduct, storeViews }: MadeShop) {
  const each = function* (rowsOf: (product: number) => Iterable<Row>): Iterable<Row> {
    for (let product = 1; product <= products; product++) yield* rowsOf(product)
  }
  const imagesOf = function* (product: number): Iterable<number> {
    for (let at = 1; at <= imagesOfProduct; at++) yield (product - 1) * imagesOfProduct + at
  }
  const views = Array.from({ length: storeViews }, (_, index) => index + 1)
  return {
    core_website: {
      columns: ['website_id', 'code', 'default_group_id', 'is_default'],
      rows: [
        [0, 'admin', 0, 0],
        [1, 'base', 1, 1],
      ],
    },
    core_store_group: { columns: ['group_id', 'website_id', 'default_store_id'], rows: [[1, 1, 1]] },
    core_store: {
      columns: ['store_id', 'code', 'website_id', 'group_id'],
      rows: [[0, 'admin', 0, 0], ...views.map((id): Row => [id, `view${id}`, 1, 1])],
    },
    eav_entity_type: { columns: ['entity_type_id', 'entity_type_code'], rows: [[4, 'catalog_product']] },
    eav_attribute: {
      columns: ['attribute_id', 'entity_type_id', 'attribute_code', 'frontend_input', 'frontend_label'],
      rows: [
        [85, 4, 'image', 'media_image', 'Image'],
        [86, 4, 'small_image', 'media_image', 'Small'],
        [87, 4, 'thumbnail', 'media_image', 'Thumb'],
        [88, 4, 'media_gallery', 'gallery', 'Gallery'],
      ],
    },
    eav_attribute_set: {
      columns: ['attribute_set_id', 'entity_type_id', 'attribute_set_name'],
      rows: [[4, 4, 'Default']],
    },
    eav_entity_attribute: {
      columns: ['attribute_set_id', 'attribute_group_id', 'attribute_id', 'sort_order'],
      rows: [85, 86, 87, 88].map((id): Row => [4, 1, id, id]),
    },
    catalog_product_entity: {
      columns: ['entity_id', 'entity_type_id', 'attribute_set_id', 'type_id', 'sku'],
      rows: each((id) => [[id, 4, 4, 'simple', `sku-${id}`]]),
    },
    catalog_product_website: { columns: ['product_id', 'website_id'], rows: each((id) => [[id, 1]]) },
    catalog_product_entity_media_gallery: {
      columns: ['value_id', 'attribute_id', 'entity_id', 'value'],
      rows: each((id) => [...imagesOf(id)].map((image): Row => [image, 88, id, madePath(image)])),
    },
    catalog_product_entity_media_gallery_value: {
      columns: ['value_id', 'store_id', 'label', 'position', 'disabled'],
      rows: each((id) =>
        [...imagesOf(id)].flatMap((image, at): Row[] => [
          [image, 0, `Picture ${at} of ${id}`, at + 1, 0],
          [image, views[at % storeViews] ?? 0, null, at + 1, 0],
        ]),
      ),
    },
    catalog_product_entity_varchar: {
      columns: ['value_id', 'entity_type_id', 'attribute_id', 'store_id', 'entity_id', 'value'],
      rows: each((id) => {
        const [first = 0] = imagesOf(id)
        return [85, 86, 87].map(
          (attribute): Row => [id * 3 + attribute, 4, attribute, 0, id, madePath(first)],
        )
      }),
    },
  } satisfies Readonly<Record<string, { columns: readonly string[]; rows: Iterable<Row> }>>
}

async function writeTable(
  out: WriteStream,
  name: string,
  columns: readonly string[],
  rows: Iterable<Row>,
): Promise<void> {
  const definition = columns.map((column) => `  \`${column}\` varchar(255)`).join(',\n')
  await put(out, `CREATE TABLE \`${name}\` (\n${definition}\n);\n`)
  let written: string[] = []
  const flush = async () => {
    if (written.length > 0) await put(out, `INSERT INTO \`${name}\` VALUES ${written.join(',')};\n`)
    written = []
  }
  for (const row of rows) {
    written.push(
      `(${row.map((value) => (typeof value === 'string' ? `'${value}'` : String(value ?? 'NULL'))).join(',')})`,
    )
    if (written.length === ROWS_OF_INSERT) await flush()
  }
  await flush()
}

async function put(out: WriteStream, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain')
}
