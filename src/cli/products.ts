import { stat } from 'node:fs/promises'
import { SingleBar } from 'cli-progress'
import type { Settings } from '../settings/settings'
import { productsOf } from '../store/shop/catalogRows'
import { type BadLine, importProducts } from '../store/shop/productImport'
import { saveProduct } from '../store/shop/productSaving'
import { CommandError } from './commandError'
import { countedFile } from './countedFile'
import { print, printTable } from './terminal'
import { withStorage } from './withStorage'

export interface AddFlags {
  readonly id?: number
  readonly attributeSet?: string
  readonly websites?: string
}

const PAGE = 1000
const SHOWN_BAD_LINES = 100

export async function add(settings: Settings, sku: string, flags: AddFlags): Promise<void> {
  const websites = flags.websites?.split(',').map((code) => code.trim())
  const id = await withStorage(settings, ({ database }) =>
    database.transaction((rows) => saveProduct(rows, sku, { ...flags, websites })),
  )
  print(`Product ${sku} has id ${id}.`)
}

export async function list(settings: Settings): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    for (let after = 0, isContinued = false; ; isContinued = true) {
      const page = await productsOf(database, after, PAGE)
      printTable(
        ['ID', 'SKU', 'ATTRIBUTE SET', 'WEBSITES', 'IMAGES'],
        page.map(({ id, sku, attributeSet, websites, images }) => [
          String(id),
          sku ?? '-',
          attributeSet,
          websites.join('|'),
          String(images),
        ]),
        { isContinued },
      )
      const last = page.at(-1)
      if (!last || page.length < PAGE) return
      after = last.id
    }
  })
}

/** @throws CommandError after it has printed each bad line */
export async function importFile(settings: Settings, file: string): Promise<void> {
  const { size } = await stat(file)
  const bar = new SingleBar({
    format: '{bar} {percentage}% | {value}/{total} bytes | {eta_formatted}',
    noTTYOutput: false,
  })
  if (process.stderr.isTTY) bar.start(size, 0)
  const outcome = await withStorage(settings, ({ database }) =>
    importProducts(
      database,
      countedFile(file, (count) => bar.increment(count)),
    ),
  ).finally(() => bar.stop())
  if (outcome.badLines.length > 0) throw badLineError(outcome.badLines)
  print(`Imported ${outcome.imported} products.`)
}

function badLineError(badLines: readonly BadLine[]): CommandError {
  const shown = badLines.slice(0, SHOWN_BAD_LINES).map(({ line, reason }) => `  line ${line}: ${reason}`)
  const rest = badLines.length - shown.length
  return new CommandError('nothing was imported, for these lines are bad:', [
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ])
}
