import { stat, writeFile } from 'node:fs/promises'
import { SingleBar } from 'cli-progress'
import { type ImportProgress, importShop } from '../importing/importShop'
import { MediaDirectory } from '../importing/media/mediaDirectory'
import { MediaTar } from '../importing/media/mediaTar'
import type { MediaSource } from '../importing/ports'
import { type ImportReport, reportLines } from '../importing/report'
import { isWanted } from '../importing/shopTables'
import { DumpSource } from '../magento/dump/dumpSource'
import { MysqlSource } from '../magento/mysqlSource'
import type { ShopSource } from '../magento/sourceRows'
import { UnreadableShop } from '../magento/unreadableShop'
import { uniqueMark } from '../server/variants'
import type { Settings } from '../settings/settings'
import { PostgresImportStore } from '../store/importing/importStore'
import { countedFile } from './countedFile'
import { print, printAside } from './terminal'
import { withStorage } from './withStorage'

export interface ImportFlags {
  readonly media?: string
  readonly tablePrefix?: string
  readonly database?: string
  readonly dryRun?: boolean
  readonly prefer?: 'source'
  readonly delete?: boolean
  readonly report?: string
}

/** A statement of an import may take as long as it takes, in seconds. */
const LONGEST_STATEMENT = 86_400

/** Moves a Magento shop in, and prints what has come of it. @throws UnreadableShop, ImportRefused */
export async function importMagento(settings: Settings, source: string, flags: ImportFlags): Promise<void> {
  const media = await mediaSource(flags.media)
  const progress = new TerminalProgress()
  const shop = await shopSource(source, flags.tablePrefix ?? null, progress)
  try {
    const report = await withStorage({ ...settings, statementTimeout: LONGEST_STATEMENT }, (storage) =>
      importShop(
        shop,
        media,
        {
          shop: { prefix: flags.tablePrefix ?? null, database: flags.database ?? null },
          conflicts: flags.prefer === 'source' ? 'replace' : 'keep',
          deletes: flags.delete === true,
          isDryRun: flags.dryRun === true,
        },
        {
          store: new PostgresImportStore(storage.database, storage.secretBox),
          images: storage.images,
          uniqueMark,
          progress,
        },
      ),
    )
    progress.stop()
    await tell(report, flags)
  } finally {
    progress.stop()
  }
}

async function tell(report: ImportReport, flags: ImportFlags): Promise<void> {
  print(...reportLines(report))
  if (flags.report !== undefined) await writeFile(flags.report, `${JSON.stringify(report, null, 2)}\n`)
}

async function shopSource(
  source: string,
  prefix: string | null,
  progress: TerminalProgress,
): Promise<ShopSource> {
  const wanted = (table: string) => isWanted(table, prefix)
  if (/^mysql:\/\//i.test(source)) return new MysqlSource(source, wanted)
  if (source === '-') return new DumpSource(process.stdin, wanted)
  const found = await stat(source).catch(() => null)
  if (!found?.isFile()) throw new UnreadableShop(`there is no dump ${source}`)
  return new DumpSource(countedFile(source, progress.onDump(found.size)), wanted)
}

async function mediaSource(media: string | undefined): Promise<MediaSource | null> {
  if (media === undefined) return null
  const found = await stat(media).catch(() => null)
  if (!found) throw new UnreadableShop(`there is no media folder ${media}`)
  return found.isDirectory() ? MediaDirectory.in(media) : new MediaTar(media)
}

/** Shows each phase on a terminal; elsewhere it is quiet. */
class TerminalProgress implements ImportProgress {
  #bar: SingleBar | null = null
  #rows = 0

  /** @returns what counts the bytes of the dump */
  onDump(size: number): (count: number) => void {
    this.#show(size, 'bytes of the dump')
    return (count) => this.#bar?.increment(count)
  }

  onRows(count: number): void {
    this.#rows += count
  }

  onMedia(paths: number): void {
    this.#show(paths, `files, after ${this.#rows} rows`)
  }

  onPath(): void {
    this.#bar?.increment()
  }

  onMove(): void {
    this.stop()
    if (process.stderr.isTTY) printAside('Moving the rows to their places…')
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = null
  }

  #show(total: number, things: string): void {
    this.stop()
    if (!process.stderr.isTTY) return
    this.#bar = new SingleBar({
      format: `{bar} {percentage}% | {value}/{total} ${things} | {speed}/s | {eta_formatted}`,
      etaBuffer: 100,
    })
    this.#bar.start(total, 0, { speed: '-' })
  }
}
