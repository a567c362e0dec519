import type { ImageStore } from '../catalog/ports'
import type { ShopSource } from '../magento/sourceRows'
import { type MediaOutcome, storeMedia } from './mediaStoring'
import type { ImportStore, MediaSource, MoveOptions } from './ports'
import type { ImportReport } from './report'
import { shopAccess } from './shopAccess'
import { shopFacts } from './shopFacts'
import { shopSettings } from './shopSettings'
import { type ShopChoice, ShopTables } from './shopTables'

export interface ImportParts {
  readonly store: ImportStore
  readonly images: ImageStore
  /** Returns a mark that no two stored files share. */
  readonly uniqueMark: () => string
  readonly progress: ImportProgress
}

/** Is told how far an import is. */
export interface ImportProgress {
  /** Called for rows that were read. */
  onRows(count: number): void
  /** Called before the files are stored, with the number of paths. */
  onMedia(paths: number): void
  /** Called for each path that is done. */
  onPath(): void
  /** Called before all rows are moved to their places. */
  onMove(): void
}

export interface ImportOptions extends MoveOptions {
  readonly shop: ShopChoice
}

/**
 * Moves a shop in: its rows are staged, the files of its galleries stored, and then all rows are moved to their places in one
 * transaction. An import that is ended on the way has changed nothing that is seen, and need not store its files again.
 *
 * @param media null for an import without files
 * @throws UnreadableShop, ImportRefused
 */
export async function importShop(
  source: ShopSource,
  media: MediaSource | null,
  options: ImportOptions,
  { store, images, uniqueMark, progress }: ImportParts,
): Promise<ImportReport> {
  const started = performance.now()
  return store.exclusively(async () => {
    await store.begin()
    try {
      const tables = new ShopTables(options.shop)
      for await (const read of source.rows()) {
        const rows = tables.take(read)
        if (rows) await store.stage(rows)
        progress.onRows(read.rows.length)
      }
      const small = tables.small(source.tables)
      const [facts, access] = [shopFacts(small), shopAccess(small)]
      await store.prepare(facts)
      const paths = await store.countPaths()
      progress.onMedia(paths)
      const { isDryRun } = options
      const stored: MediaOutcome = await storeMedia(media, {
        paths,
        store,
        images,
        uniqueMark,
        isDryRun,
        onPath: () => progress.onPath(),
      })
      progress.onMove()
      const { oddities, ...rows } = await store.move(facts, access, options)
      return {
        isDryRun,
        websites: facts.websites.length,
        storeViews: facts.storeViews.length,
        attributeSets: facts.attributeSets.length,
        mediaAttributes: facts.mediaAttributes.length,
        rows,
        media: stored,
        users: access.users.length,
        roles: access.roles.length,
        consumers: access.consumers.length,
        tokens: access.tokens.length,
        oddities,
        environment: shopSettings(small('core_config_data')),
        seconds: (performance.now() - started) / 1000,
      }
    } finally {
      await store.end()
    }
  })
}
