import type { Case } from './cases'
import { measure } from './load'

/** A server that is measured against another, with cases of its own: each has its own sessions and files. */
export interface Rival {
  readonly name: string
  readonly url: string
  readonly cases: readonly Case[]
}

/** Nine or more, so that a median and a spread mean something on a machine that is not quiet. */
const ROUNDS = 9
const SECONDS = 1.5

/**
 * Measures two servers in alternating rounds, case by case, and prints the median of each, the slowest and fastest round, and
 * their ratio. Which of them goes first changes from round to round. A difference counts only when it is larger than the
 * spread of the rounds.
 */
export async function measureRounds(
  rivals: readonly [Rival, Rival],
  names: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const [first, second] = rivals
  print(
    `| call | ${first.name}, per second | ${second.name}, per second | ratio | |\n|---|---:|---:|---:|---|`,
  )
  for (const name of names) {
    const rates = new Map<Rival, number[]>(rivals.map((rival) => [rival, []]))
    for (const rival of rivals) await measureOnce(rival, name, 2)
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? rivals : [second, first]
      for (const rival of order) rates.get(rival)?.push(await measureOnce(rival, name, SECONDS))
    }
    print(rowText(name, rates.get(first) ?? [], rates.get(second) ?? []))
  }
}

async function measureOnce({ url, cases }: Rival, name: string, seconds: number): Promise<number> {
  const subject = cases.find((each) => each.name === name)
  if (!subject) throw new Error(`there is no case ${name}`)
  return (await measure(url, subject.requests, { ...subject.load, seconds })).rate
}

function rowText(name: string, first: readonly number[], second: readonly number[]): string {
  const ratio = median(second) / median(first)
  const overlap = Math.min(...first) <= Math.max(...second) && Math.min(...second) <= Math.max(...first)
  const verdict = overlap ? 'within the spread' : ''
  return `| ${name} | ${spreadText(first)} | ${spreadText(second)} | ${ratio.toFixed(2)} | ${verdict} |`
}

function spreadText(rates: readonly number[]): string {
  const [low, middle, high] = [Math.min(...rates), median(rates), Math.max(...rates)].map(Math.round)
  return `${middle} (${low} to ${high})`
}

function median(rates: readonly number[]): number {
  return [...rates].sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? Number.NaN
}
