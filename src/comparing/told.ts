import { type Answer, type Bytes, isPlainList, type Plain } from './answers'
import type { Difference, DifferenceKind, Place } from './differences'

/** Returns a difference as a line for a person. */
export function lineOf(difference: Difference): string {
  return `${placeOf(difference)}: ${TOLD[difference.kind](difference)}`
}

const TOLD: Readonly<Record<DifferenceKind, (difference: Difference) => string>> = {
  missing: () => 'missing here',
  extra: () => 'only here',
  order: ({ old, here }) => `in the order ${shown(old)} there, ${shown(here)} here`,
  answer: ({ old, here }) => `${shown(old)} there, ${shown(here)} here`,
  bytes: ({ old, here }) => `${shown(old)} there, ${shown(here)} here`,
  field: ({ field, old, here }) => `${field} is ${shown(old)} there, ${shown(here)} here`,
}

/** What is said of how it was asked; a list goes without saying. */
const ASKED: Readonly<Record<Place['asked'], string>> = {
  types: '',
  list: '',
  info: ' (info)',
  rest: ' (REST)',
  bytes: ' (bytes)',
}

function placeOf({ asked, set, product, store, item }: Place): string {
  const subject = set === undefined ? `product ${product}` : `attribute set ${set}`
  return `${[subject, store, item].filter((part) => part !== undefined).join(', ')}${ASKED[asked]}`
}

function shown(value: Answer | Bytes | Plain | undefined): string {
  if (value === undefined) return 'nothing'
  if (typeof value !== 'object' || value === null || isPlainList(value)) return JSON.stringify(value)
  if ('fault' in value) return `fault ${text(value.fault)} ${text(value.message)}`
  if ('failure' in value) return text(value.failure)
  if ('sha256' in value) return `${text(value.size)} bytes of SHA-256 ${text(value.sha256)}`
  if (!('value' in value)) return JSON.stringify(value)
  return isPlainList(value.value) ? `a list of ${value.value.length}` : JSON.stringify(value.value)
}

function text(value: Plain | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What was compared, and how much differs. */
export interface Tally {
  products: number
  attributeSets: number
  differences: number
  /** How many products differ in anything. */
  productsThatDiffer: number
  /** How many differences there are of each kind; of fields, by their names. */
  readonly kinds: Record<string, number>
}

export function emptyTally(): Tally {
  return { products: 0, attributeSets: 0, differences: 0, productsThatDiffer: 0, kinds: {} }
}

/** Counts what differs in the answers to one question. */
export function count(tally: Tally, ofProduct: boolean, differences: readonly Difference[]): void {
  if (ofProduct) tally.products++
  else tally.attributeSets++
  if (ofProduct && differences.length > 0) tally.productsThatDiffer++
  tally.differences += differences.length
  for (const { kind, field = kind } of differences) tally.kinds[field] = (tally.kinds[field] ?? 0) + 1
}

/** Returns the last line for a person. */
export function summaryOf({
  products,
  attributeSets,
  differences,
  productsThatDiffer,
  kinds,
}: Tally): string {
  const compared = `Compared ${products} products and ${attributeSets} attribute sets`
  if (differences === 0) return `${compared}: nothing differs.`
  const counted = Object.entries(kinds).map(([kind, number]) => `${kind} ${number}`)
  return `${compared}: ${differences} differences, in ${productsThatDiffer} products (${counted.join(', ')}).`
}
