import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, type Parser, parse } from 'csv-parse'
import { folded } from '../../contract/folded'
import { LARGEST_ID, readId } from '../../contract/storable'
import type { Database, Queryable } from '../database/database'
import {
  advanceCounters,
  attributeSetIds,
  type ProductDefinition,
  productsNamed,
  saveProducts,
  websiteIds,
} from './catalogRows'
import { checkedText, UnreadableText } from './csvText'
import { isNamedOtherwise } from './productSaving'

/** A line of the file that cannot be imported, with its number in the file. */
export interface BadLine {
  readonly line: number
  readonly reason: string
}

export interface ImportOutcome {
  readonly imported: number
  /** The lines that cannot be imported. If there are any, nothing was imported. */
  readonly badLines: readonly BadLine[]
}

const COLUMNS: readonly string[] = ['sku', 'id', 'attribute_set', 'websites']
const BATCH = 1000

/** The names that a line may refer to. */
interface Catalog {
  readonly attributeSets: ReadonlyMap<string, number>
  readonly websites: ReadonlyMap<string, number>
}

interface ImportLine {
  readonly line: number
  readonly product: ProductDefinition
}

/** Rolls back the transaction when there were bad lines. */
class Refused extends Error {}

/**
 * Makes or changes products from CSV with a header line: `sku`, and optionally `id`, `attribute_set` (a name; without
 * one, the first) and `websites` (codes joined by `|`; without any, all). All lines are imported, or none. What is no
 * UTF-8, no CSV or has another header is told by the first such line, after which no more are read.
 */
export async function importProducts(database: Database, csv: Readable): Promise<ImportOutcome> {
  const badLines: BadLine[] = []
  let imported = 0
  try {
    await database.transactionOnce(async (rows) => {
      const lines = new LineChecker(await catalogOf(rows))
      const save = async (batch: readonly CsvRecord[]) => {
        const good = batch.flatMap((record) => collectBad(lines.check(record), badLines))
        badLines.push(...(await clashes(rows, good)))
        if (badLines.length === 0)
          await saveProducts(
            rows,
            good.map(({ product }) => product),
          )
        imported += good.length
      }
      await inBatches(csv, save).catch((thrown: unknown) => badLines.push(csvFault(thrown)))
      if (badLines.length > 0) throw new Refused()
      await advanceCounters(rows)
    })
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown
  }
  return { imported: badLines.length > 0 ? 0 : imported, badLines: badLines.sort((a, b) => a.line - b.line) }
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>
  readonly info: { readonly lines: number }
}

async function inBatches(csv: Readable, save: (batch: readonly CsvRecord[]) => Promise<void>): Promise<void> {
  const columns = (header: readonly string[]): string[] => checkedHeader(header, parser.info.lines)
  const parser: Parser = parse({ columns, bom: true, info: true, trim: true, skip_empty_lines: true })
  let batch: CsvRecord[] = []
  const collector = new Writable({
    objectMode: true,
    write(record: CsvRecord, _encoding, done) {
      batch.push(record)
      if (batch.length < BATCH) return done()
      const full = batch
      batch = []
      save(full).then(() => done(), done)
    },
    final(done) {
      save(batch).then(() => done(), done)
    },
  })
  await pipeline(csv, checkedText, parser, collector)
}

/** @param line the number of the header's line */
function checkedHeader(header: readonly string[], line: number): string[] {
  const names = header.map((name) => name.toLowerCase())
  const unknown = names.find((name) => !COLUMNS.includes(name))
  if (unknown !== undefined)
    throw new HeaderFault(line, `unknown column ${unknown}; the columns are ${COLUMNS.join(', ')}`)
  const repeated = names.find((name, column) => names.indexOf(name) < column)
  if (repeated !== undefined) throw new HeaderFault(line, `the column ${repeated} is there twice`)
  if (!names.includes('sku')) throw new HeaderFault(line, 'the header line has no column sku')
  return names
}

class HeaderFault extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message)
  }
}

function csvFault(thrown: unknown): BadLine {
  if (thrown instanceof HeaderFault || thrown instanceof UnreadableText)
    return { line: thrown.line, reason: thrown.message }
  if (thrown instanceof CsvError) return { line: Number(thrown.lines ?? 1), reason: thrown.message }
  throw thrown
}

function collectBad(checked: ImportLine | BadLine, badLines: BadLine[]): readonly ImportLine[] {
  if ('product' in checked) return [checked]
  badLines.push(checked)
  return []
}

/** Checks lines against the catalog and against each other. */
class LineChecker {
  readonly #lineOfSku = new Map<string, number>()
  readonly #lineOfId = new Map<number, number>()

  constructor(private readonly catalog: Catalog) {}

  check({ record, info: { lines: line } }: CsvRecord): ImportLine | BadLine {
    try {
      return { line, product: this.#read(record, line) }
    } catch (thrown) {
      if (thrown instanceof LineFault) return { line, reason: thrown.message }
      throw thrown
    }
  }

  #read(record: Readonly<Record<string, string>>, line: number): ProductDefinition {
    const sku = record.sku ?? ''
    if (sku === '') throw new LineFault('the SKU is missing')
    const id = idIn(record.id ?? '')
    takeOnce(this.#lineOfSku, folded(sku), line, `SKU ${sku}`)
    if (id !== null) takeOnce(this.#lineOfId, id, line, `id ${id}`)
    return { id, sku, attributeSet: this.#attributeSet(record), websites: this.#websites(record) }
  }

  #attributeSet({ attribute_set: name = '' }: Readonly<Record<string, string>>): number {
    const { attributeSets } = this.catalog
    const id = name === '' ? [...attributeSets.values()][0] : attributeSets.get(name)
    if (id === undefined) throw new LineFault(`there is no attribute set ${name}`.trim())
    return id
  }

  #websites({ websites: codes = '' }: Readonly<Record<string, string>>): readonly number[] {
    const { websites } = this.catalog
    if (codes === '') return [...websites.values()].filter((id) => id !== 0)
    return codes.split('|').map((code) => {
      const id = websites.get(code.trim())
      if (id === undefined) throw new LineFault(`there is no website ${code.trim()}`)
      return id
    })
  }
}

class LineFault extends Error {}

function idIn(text: string): number | null {
  if (text === '') return null
  const id = readId(text)
  if (id !== null) return id
  throw new LineFault(`the id is not a whole number from 1 to ${LARGEST_ID}: ${text}`)
}

function takeOnce<Key>(lines: Map<Key, number>, key: Key, line: number, what: string): void {
  const earlier = lines.get(key)
  if (earlier !== undefined) throw new LineFault(`${what} stands in line ${earlier} already`)
  lines.set(key, line)
}

/** Returns the lines whose id or SKU belongs to another product of the database. */
async function clashes(rows: Queryable, lines: readonly ImportLine[]): Promise<readonly BadLine[]> {
  const withId = lines.filter(({ product }) => product.id !== null)
  const taken = await productsNamed(
    rows,
    withId.map(({ product }) => product.id ?? 0),
    withId.map(({ product }) => product.sku),
  )
  const bySku = new Map(taken.map((product) => [product.skuKey, product]))
  const byId = new Map(taken.map((product) => [product.id, product]))
  return withId.flatMap(({ line, product: { id, sku } }) => {
    const [ofSku, ofId] = [bySku.get(folded(sku)), byId.get(id ?? 0)]
    if (ofSku && ofSku.id !== id) return [{ line, reason: `${skuAs(sku, ofSku.sku)} has id ${ofSku.id}` }]
    if (ofId && isNamedOtherwise(ofId, sku)) return [{ line, reason: `id ${id} belongs to SKU ${ofId.sku}` }]
    return []
  })
}

/** Tells an SKU, and how it is written where it counts as another. */
function skuAs(sku: string, known: string | null): string {
  return known === sku ? `SKU ${sku}` : `SKU ${sku}, which counts as ${known},`
}

async function catalogOf(rows: Queryable): Promise<Catalog> {
  return { attributeSets: await attributeSetIds(rows), websites: await websiteIds(rows) }
}
