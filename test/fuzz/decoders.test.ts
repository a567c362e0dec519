/**
 * Fuzzes the decoders: recorded requests with a few things done to them, and random requests of their shape. Whatever
 * comes is answered within a second, in the form that the protocol has, and never as if it had been something else.
 *
 * KEEPSAKE_FUZZ_SEED=7        another seed; the default is 1, so that a run can be repeated
 * KEEPSAKE_FUZZ_RUNS=1000     inputs of each kind for each dialect, in place of 10,000
 * KEEPSAKE_FUZZ_INPUT="…"     one input alone, as a failure prints it
 */
import fc, { type Arbitrary } from 'fast-check'
import { type Ask, askable, DIALECTS, type DialectName } from './support/dialects'
import { JUDGES, type Verdict } from './support/judge'
import { mutated } from './support/mutations'
import { type SecondReading, secondReading } from './support/secondReading'
import { trees } from './support/trees'
import { startWatchdog, type Watchdog } from './support/watchdog'

const SEED = Number(process.env.KEEPSAKE_FUZZ_SEED ?? 1)
const RUNS = Number(process.env.KEEPSAKE_FUZZ_RUNS ?? 10_000)
const ONE_INPUT = process.env.KEEPSAKE_FUZZ_INPUT

const SLOWEST_MILLISECONDS = 1000
const TIMEOUT_MILLISECONDS = 600_000

const KINDS: readonly (readonly [kind: string, inputs: (dialect: DialectName) => Arbitrary<Buffer>])[] = [
  ['mutated recordings', mutated],
  ['random trees', trees],
]

const ask: Readonly<Record<DialectName, Ask>> = askable()
const tally: string[] = []
const propertiesOfObjects = Reflect.ownKeys(Object.prototype)
let second: SecondReading
let watchdog: Watchdog

beforeAll(async () => {
  second = await secondReading()
  watchdog = startWatchdog()
})

afterAll(async () => {
  await watchdog.stop()
  process.stdout.write(`\nseed ${SEED}\n${tally.join('\n')}\n`)
})

/** Throws unless the input is answered as it should be. What it says can be played again. */
async function judged(dialect: DialectName, input: Buffer): Promise<Verdict> {
  try {
    const outcome = await askInTime(dialect, input)
    if (outcome.unforeseen.length > 0) throw outcome.unforeseen[0]
    return JUDGES[dialect](input, outcome, second)
  } catch (cause) {
    const failure = cause instanceof Error ? cause.stack : String(cause)
    throw new Error(`KEEPSAKE_FUZZ_INPUT="${dialect} ${input.toString('base64')}"\n${failure}`, { cause })
  }
}

/** An input that was slow is asked again, since a busy machine is slow at anything. */
async function askInTime(dialect: DialectName, input: Buffer) {
  watchdog.watch(dialect, input)
  const first = await ask[dialect](input)
  if (first.milliseconds < SLOWEST_MILLISECONDS) return first
  const again = await ask[dialect](input)
  if (again.milliseconds >= SLOWEST_MILLISECONDS) throw new Error(`took ${Math.round(again.milliseconds)} ms`)
  return again
}

/** The failure of the smallest input that fails says all; the library's report would print the input byte by byte. */
function throwSmallest({ failed, errorInstance }: fc.RunDetails<[Buffer]>): void {
  if (failed) throw errorInstance
}

if (ONE_INPUT) {
  test('the input that was given', async () => {
    const space = ONE_INPUT.lastIndexOf(' ')
    const dialect = DIALECTS.find((name) => name === ONE_INPUT.slice(0, space))
    if (!dialect) throw new Error(`no dialect in ${ONE_INPUT}`)
    const input = Buffer.from(ONE_INPUT.slice(space), 'base64')
    const { answer } = await ask[dialect](input)
    process.stdout.write(`${input}\n\n${answer?.status} ${answer?.body}\n`)
    await judged(dialect, input)
  })
} else {
  describe.each(DIALECTS)('%s', (dialect) => {
    test.each(KINDS)(
      'answers %s in time, in its own form, and as nothing else',
      async (kind, inputs) => {
        const verdicts = new Map<Verdict, number>()
        const property = fc.asyncProperty(inputs(dialect), async (input) => {
          const verdict = await judged(dialect, input)
          verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
        })
        await fc.assert(property, { seed: SEED, numRuns: RUNS, reporter: throwSmallest })
        const counts = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).sort()
        tally.push(`${dialect}, ${kind}: ${RUNS} inputs (${counts.join(', ')})`)
      },
      TIMEOUT_MILLISECONDS,
    )
  })
}

test('no object has gained a property', () => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(propertiesOfObjects)
})
