import { NotComparable, type ShopAnswers } from '../comparing/answers'
import { AskedShop } from '../comparing/askedShop'
import { type Difference, differencesOf } from '../comparing/differences'
import { otherHostIn, pathsOfShop } from '../comparing/fetched'
import { inOrder } from '../comparing/inOrder'
import { type Extent, questionOf, questionsAbout } from '../comparing/plan'
import { count, emptyTally, lineOf, summaryOf, type Tally } from '../comparing/told'
import type { Settings } from '../settings/settings'
import { DataDirectoryInUse } from '../store/database/dataDirectoryLock'
import { comparedShop, ownAddress, type ShopFlags } from './comparedShop'
import { type KeyFlags, keyOf } from './compareKey'
import { openRecording, saveRecording } from './comparisonFile'
import { withOwnServer } from './ownServer'
import { progressOf } from './progress'
import { print, printFailure, printJson, warn } from './terminal'

export interface CompareFlags extends KeyFlags, ShopFlags {
  readonly sample?: number
  readonly rest?: boolean
  readonly bytes?: boolean
  readonly media?: string
  readonly save?: string
  readonly recorded?: string
  readonly against?: string
  readonly concurrency: number
  readonly pause: number
  readonly json?: boolean
}

/** What the old shop answers, one question after the other. */
interface OldShop {
  /** How many questions there are; null where nobody knows before the end. */
  readonly total: number | null
  /** Yields what `work` makes of the answers to each question. */
  each<T>(work: (answers: ShopAnswers) => Promise<T>): AsyncIterable<T>
}

/**
 * Asks the old shop and this one the same, and prints what differs. Ends with 0 when nothing does, with 1 when something
 * does, and with 2 when they cannot be compared.
 */
export async function compare(
  settings: Settings,
  wsdl: string | undefined,
  flags: CompareFlags,
): Promise<void> {
  try {
    if (flags.save === undefined) await compareShops(settings, wsdl, flags)
    else await save(settings, wsdl, flags.save, flags)
  } catch (thrown) {
    printFailure(thrown instanceof DataDirectoryInUse ? inUse(thrown, settings) : thrown)
    process.exitCode = 2
  }
}

async function save(
  settings: Settings,
  wsdl: string | undefined,
  file: string,
  flags: CompareFlags,
): Promise<void> {
  if (wsdl === undefined || flags.recorded !== undefined)
    throw new NotComparable('--save needs the address of the old shop, and goes without --recorded')
  const old = await liveShop(settings, wsdl, flags)
  const answers = old.each(async (answered) => answered)
  const saved = await saveRecording(file, { shop: wsdl, ...extentOf(flags) }, told(answers, old.total))
  print(`Saved the answers to ${saved} questions in ${file}.`)
}

async function compareShops(
  settings: Settings,
  wsdl: string | undefined,
  flags: CompareFlags,
): Promise<void> {
  if ((wsdl === undefined) === (flags.recorded === undefined))
    throw new NotComparable('give either the address of the old shop, or --recorded with its saved answers')
  const old =
    flags.recorded === undefined
      ? await liveShop(settings, wsdl ?? '', flags)
      : await recordedShop(flags.recorded, flags)
  const against = flags.against ?? (flags.products === undefined ? null : ownAddress(settings))
  const tally =
    against === null
      ? await withOwnServer(settings, (address) => compareWith(old, address, flags))
      : await compareWith(old, against, flags)
  if (flags.json) printJson({ summary: tally })
  else print(summaryOf(tally))
  if (tally.differences > 0) process.exitCode = 1
}

/** Compares with the server at that address, and prints each difference. */
async function compareWith(old: OldShop, wsdl: string, flags: CompareFlags): Promise<Tally> {
  const here = await AskedShop.at({
    wsdl,
    username: flags.user,
    key: await keyOf(flags),
    pauseMs: 0,
    extent: extentOf(flags),
    // Its URLs may name the public address, where the old shop may be still.
    media: `${pathsOfShop(wsdl)?.base}/media`,
  })
  const tally = emptyTally()
  const outcomes = old.each(async (answers) => ({
    isProduct: 'product' in answers,
    differences: differencesOf(answers, await here.answers(questionOf(answers))),
  }))
  for await (const { isProduct, differences } of told(outcomes, old.total)) {
    count(tally, isProduct, differences)
    for (const difference of differences) tell(difference, flags)
  }
  return tally
}

function tell(difference: Difference, { json }: CompareFlags): void {
  if (json) printJson(difference)
  else print(lineOf(difference))
}

async function liveShop(settings: Settings, wsdl: string, flags: CompareFlags): Promise<OldShop> {
  const shop = await AskedShop.at({
    wsdl,
    username: flags.user,
    key: await keyOf(flags),
    pauseMs: flags.pause,
    extent: extentOf(flags),
    media: flags.media?.replace(/\/+$/, '') ?? null,
  })
  const questions = questionsAbout(await comparedShop(settings, flags), flags.sample)
  const warnOnce = warningOfOtherHost(wsdl)
  return {
    total: questions.length,
    each: (work) =>
      inOrder(questions, flags.concurrency, async (question) => {
        const answers = await shop.answers(question)
        if (flags.bytes && flags.media === undefined) warnOnce(answers)
        return work(answers)
      }),
  }
}

/** Warns once of images that are said to be elsewhere: that may be this server already. */
function warningOfOtherHost(wsdl: string): (answers: ShopAnswers) => void {
  const asked = new URL(wsdl).host
  let isTold = false
  return (answers) => {
    const other = isTold ? null : otherHostIn(answers, asked)
    if (other === null) return
    isTold = true
    warn(
      `the old shop says that its images are at ${other}, and not at ${asked}: --media names another place`,
    )
  }
}

async function recordedShop(file: string, flags: CompareFlags): Promise<OldShop> {
  const { head, answers } = await openRecording(file)
  const lacking = (['rest', 'bytes'] as const).find((part) => flags[part] && !head[part])
  if (lacking !== undefined) throw new NotComparable(`${file} was saved without --${lacking}`)
  return { total: null, each: (work) => inOrder(answers, flags.concurrency, work) }
}

function extentOf({ rest = false, bytes = false }: CompareFlags): Extent {
  return { rest, bytes }
}

/** Shows the progress meanwhile, where its end is known. */
async function* told<T>(outcomes: AsyncIterable<T>, total: number | null): AsyncGenerator<T> {
  const progress = total === null ? null : progressOf(total, 'questions')
  try {
    for await (const outcome of outcomes) {
      progress?.advance()
      yield outcome
    }
  } finally {
    progress?.stop()
  }
}

function inUse({ message }: DataDirectoryInUse, settings: Settings): NotComparable {
  const running = `--against ${ownAddress(settings)} --products ids.txt`
  return new NotComparable(`${message}; or compare with the server that runs: ${running}`)
}
