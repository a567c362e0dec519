import { readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { type AskingOptions, askShop, type Questions } from '../comparing/askedShop'
import { type Difference, differencesOf } from '../comparing/differences'
import { NotComparable, parseRecording, type Recording } from '../comparing/recording'
import { serve } from '../server/serve'
import type { Storage } from '../server/storage'
import type { Settings } from '../settings/settings'
import { attributeSetsOf, productsOf, storeViewsOf } from '../store/shop/catalogRows'
import { createLogger } from './logger'
import { type Progress, progressOf } from './progress'
import { print, printJson } from './terminal'
import { withStorage } from './withStorage'

export interface CompareFlags {
  readonly user: string
  readonly keyFile?: string
  readonly sample?: number
  readonly bytes?: boolean
  readonly save?: string
  readonly recorded?: string
  readonly concurrency: number
  readonly pause: number
  readonly json?: boolean
}

const PAGE = 1000
const LOOPBACK = '127.0.0.1'
/** How many questions this shop is asked at once. */
const OWN_CONCURRENCY = 4
const SHOWN = 100

/**
 * Asks the old shop and this one the same, and prints what differs. Ends with 0 when nothing does, with 1 when something
 * does, and with 2 when they cannot be compared.
 *
 * @throws NotComparable
 */
export async function compare(
  settings: Settings,
  wsdl: string | undefined,
  flags: CompareFlags,
): Promise<void> {
  if ((wsdl === undefined) === (flags.recorded === undefined))
    throw new NotComparable('give either the address of the old shop, or --recorded with its saved answers')
  const key = await keyOf(flags)
  const recorded = flags.recorded === undefined ? null : await recordingIn(flags.recorded)
  const asker = { username: flags.user, key, readsBytes: flags.bytes === true }
  await withStorage(settings, async (storage) => {
    const questions = recorded ? questionsOf(recorded) : await questionsFrom(storage, flags.sample)
    const old =
      recorded ??
      (await ask(questions, {
        ...asker,
        wsdl: wsdl ?? '',
        concurrency: flags.concurrency,
        pauseMs: flags.pause,
      }))
    if (flags.save !== undefined) {
      await writeFile(flags.save, `${JSON.stringify(old, null, 1)}\n`)
      print(`Saved the answers for ${questions.products.length} products to ${flags.save}.`)
      return
    }
    const here = await askHere(storage, settings, questions, asker)
    tell(differencesOf(old, here), questions, flags)
  })
}

function tell(
  differences: readonly Difference[],
  { products, stores, sets }: Questions,
  flags: CompareFlags,
): void {
  const asked = { products: products.length, storeViews: stores.length, attributeSets: sets.length }
  if (flags.json) printJson({ asked, differences })
  else {
    for (const { asked: question, place, old, here } of differences.slice(0, SHOWN))
      print(`${question}${place === '' ? '' : `, ${place}`}: ${shown(old)} there, ${shown(here)} here`)
    if (differences.length > SHOWN) print(`and ${differences.length - SHOWN} more`)
    print(
      `Compared ${asked.products} products in ${asked.storeViews} store views, and ${asked.attributeSets} attribute sets: ${differences.length === 0 ? 'nothing differs' : `${differences.length} values differ`}.`,
    )
  }
  if (differences.length > 0) process.exitCode = 1
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

async function ask(questions: Questions, options: Omit<AskingOptions, 'onProduct'>): Promise<Recording> {
  const progress: Progress = progressOf(questions.products.length, 'products')
  try {
    return await askShop(questions, { ...options, onProduct: () => progress.advance() })
  } finally {
    progress.stop()
  }
}

/** Serves this shop to this process alone while it is asked. */
async function askHere(
  storage: Storage,
  settings: Settings,
  questions: Questions,
  asker: Pick<AskingOptions, 'username' | 'key' | 'readsBytes'>,
): Promise<Recording> {
  const alone = {
    ...settings,
    host: LOOPBACK,
    port: 0,
    baseUrl: null,
    console: false,
    double: false,
    controlPort: null,
    metricsPort: null,
    logLevel: 'warn' as const,
  }
  const server = await serve(storage, alone, createLogger(alone))
  try {
    const wsdl = `http://${LOOPBACK}:${server.port}/api/soap/?wsdl`
    return await ask(questions, { ...asker, wsdl, concurrency: OWN_CONCURRENCY, pauseMs: 0 })
  } finally {
    await server.stop()
  }
}

/** Returns what a shop was asked whose answers were saved. */
function questionsOf({ products, types }: Recording): Questions {
  const stores = new Set(Object.values(products).flatMap(({ list }) => Object.keys(list)))
  return { products: Object.keys(products), stores: [...stores], sets: Object.keys(types) }
}

async function questionsFrom({ database }: Storage, sample: number | undefined): Promise<Questions> {
  const ids: string[] = []
  for (let after = 0; ; ) {
    const page = await productsOf(database, after, PAGE)
    ids.push(...page.map(({ id }) => String(id)))
    const last = page.at(-1)
    if (!last || page.length < PAGE) break
    after = last.id
  }
  const stores = await storeViewsOf(database)
  const sets = await attributeSetsOf(database)
  return {
    products: sample === undefined ? ids : sampled(ids, sample),
    stores: stores.map(({ code }) => code),
    sets: sets.map(({ id }) => String(id)),
  }
}

/** Returns so many of the ids, spread evenly over all of them. */
function sampled(ids: readonly string[], count: number): readonly string[] {
  if (count >= ids.length) return ids
  return Array.from({ length: count }, (_, index) => ids[Math.floor((index * ids.length) / count)] ?? '')
}

async function recordingIn(file: string): Promise<Recording> {
  const json = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new NotComparable(`${file} cannot be read: ${cause.message}`, { cause })
  })
  return parseRecording(json, file)
}

/** Returns the API key: from a file, from the environment, or typed at a terminal, which does not show it. */
async function keyOf({ keyFile, user }: CompareFlags): Promise<string> {
  if (keyFile !== undefined) {
    const content = await readFile(keyFile, 'utf8').catch((cause: Error) => {
      throw new NotComparable(`${keyFile} cannot be read: ${cause.message}`, { cause })
    })
    return content.trimEnd()
  }
  const given = process.env.KEEPSAKE_API_KEY
  if (given !== undefined && given !== '') return given
  if (!process.stdin.isTTY)
    throw new NotComparable(`the key of ${user} is missing: give it by KEEPSAKE_API_KEY or --key-file`)
  process.stderr.write(`Key of ${user}: `)
  const silent = new Writable({ write: (_piece, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await reader.question('')
  } finally {
    reader.close()
  }
}
