import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { importShop } from '../../../src/importing/importShop'
import { MediaTar } from '../../../src/importing/media/mediaTar'
import type { ImportReport } from '../../../src/importing/report'
import { isWanted } from '../../../src/importing/shopTables'
import { DumpSource } from '../../../src/magento/dump/dumpSource'
import { MysqlSource } from '../../../src/magento/mysqlSource'
import type { ShopSource } from '../../../src/magento/sourceRows'
import { uniqueMark } from '../../../src/server/variants'
import { PostgresImportStore } from '../../../src/store/importing/importStore'
import type { TestServer } from '../../support/server'

/** A dump in a file or in memory, or the address of a MySQL. */
export type From = { readonly file: string } | { readonly dump: Buffer } | { readonly url: string }

const wanted = (table: string) => isWanted(table, null)

/** Moves a shop into the storage of a server. */
export function importInto(
  { storage }: TestServer,
  from: From,
  media: string | null = null,
): Promise<ImportReport> {
  return importShop(
    sourceOf(from),
    media === null ? null : new MediaTar(media),
    { shop: { prefix: null, database: null }, conflicts: 'keep', deletes: false, isDryRun: false },
    {
      store: new PostgresImportStore(storage.database, storage.secretBox),
      images: storage.images,
      uniqueMark,
      progress: { onRows: () => {}, onMedia: () => {}, onPath: () => {}, onMove: () => {} },
    },
  )
}

function sourceOf(from: From): ShopSource {
  if ('url' in from) return new MysqlSource(from.url, wanted)
  return new DumpSource('file' in from ? createReadStream(from.file) : Readable.from([from.dump]), wanted)
}
