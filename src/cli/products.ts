import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Transform } from 'node:stream'
import { SingleBar } from 'cli-progress'
import type { Settings } from '../settings'
import {
  advanceCounters,
  attributeSetIds,
  productsNamed,
  productsOf,
  saveProducts,
  websiteIds,
} from '../store/catalogRows'
import type { Queryable } from '../store/database'
import { folded } from '../store/folded'
import { type BadLine, importProducts } from '../store/productImport'
import { CommandError } from './commandError'
import { print, printTable, withStorage } from './withStorage'

export interface AddFlags {
  readonly id?: number
  readonly attributeSet?: string
  readonly websites?: string
}

const PAGE = 1000
const SHOWN_BAD_LINES = 100

export async function add(settings: Settings, sku: string, flags: AddFlags): Promise<void> {
  const id = await withStorage(settings, ({ database }) =>
    database.transaction((rows) => addIn(rows, sku, flags)),
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
          sku,
          attributeSet,
          websites,
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
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bar.increment(chunk.length)
      done(null, chunk)
    },
  })
  const outcome = await withStorage(settings, ({ database }) => {
    // A failure to read reaches the importer through the stream that it reads.
    pipeline(createReadStream(file), counted, () => undefined)
    return importProducts(database, counted)
  }).finally(() => bar.stop())
  if (outcome.badLines.length > 0) throw new CommandError(badLineReport(outcome.badLines))
  print(`Imported ${outcome.imported} products.`)
}

function badLineReport(badLines: readonly BadLine[]): string {
  const shown = badLines.slice(0, SHOWN_BAD_LINES).map(({ line, reason }) => `  line ${line}: ${reason}`)
  const rest = badLines.length - shown.length
  return [
    'nothing was imported, for these lines are bad:',
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ].join('\n')
}

async function addIn(rows: Queryable, sku: string, flags: AddFlags): Promise<number> {
  const attributeSet = await attributeSetNamed(rows, flags.attributeSet)
  const websites = await websitesNamed(rows, flags.websites)
  const taken = await productsNamed(rows, flags.id === undefined ? [] : [flags.id], [sku])
  const clash = taken.find(
    ({ id, skuKey }) => flags.id !== undefined && (id !== flags.id || skuKey !== folded(sku)),
  )
  if (clash)
    throw new CommandError(
      `product ${clash.id} is ${clash.skuKey}: an id and an SKU belong together for good`,
    )
  await saveProducts(rows, [{ id: flags.id ?? null, sku, attributeSet, websites }])
  await advanceCounters(rows)
  const [saved] = await productsNamed(rows, [], [sku])
  return saved?.id ?? 0
}

async function attributeSetNamed(rows: Queryable, name: string | undefined): Promise<number> {
  const sets = await attributeSetIds(rows)
  const id = name === undefined ? [...sets.values()][0] : sets.get(name)
  if (id !== undefined) return id
  throw new CommandError(
    name === undefined ? 'there is no attribute set yet: seed one' : `there is no attribute set ${name}`,
  )
}

async function websitesNamed(rows: Queryable, codes: string | undefined): Promise<readonly number[]> {
  const websites = await websiteIds(rows)
  if (codes === undefined) return [...websites.values()].filter((id) => id !== 0)
  return codes.split(',').map((code) => {
    const id = websites.get(code.trim())
    if (id === undefined) throw new CommandError(`there is no website ${code.trim()}`)
    return id
  })
}
