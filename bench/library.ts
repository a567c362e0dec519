import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { startKeepsake } from '../src/library'

const COLD_STARTS = 5
const WARM_STARTS = 10

/** How long each call of `startKeepsake()` in one process took, in milliseconds. The first starts the host process. */
type Starts = readonly number[]

/** Measures and prints how long a test waits for its server: for the first one in a process, and for later ones. */
export async function measureLibrary(print: (line: string) => void): Promise<void> {
  const runs: Starts[] = []
  for (let run = 0; run < COLD_STARTS; run++) runs.push(await startsInANewProcess())
  const cold = runs.flatMap(([first = Number.NaN]) => first)
  const warm = runs.flatMap(([, ...others]) => others)
  print('\n### startKeepsake(), embedded database in memory, until it serves\n')
  print('| start | median ms | slowest ms |\n|---|---:|---:|')
  print(`| the first of a process | ${median(cold)} | ${Math.round(Math.max(...cold))} |`)
  print(`| the next, after a stop | ${median(warm)} | ${Math.round(Math.max(...warm))} |`)
}

async function startsInANewProcess(): Promise<Starts> {
  const { stdout } = await promisify(execFile)(process.execPath, [__filename])
  return JSON.parse(stdout)
}

/** Runs in the new process: starts servers and prints the times. */
async function start(): Promise<void> {
  const times: number[] = []
  for (let number = 0; number <= WARM_STARTS / COLD_STARTS; number++) {
    const started = performance.now()
    const keepsake = await startKeepsake()
    times.push(performance.now() - started)
    await keepsake.stop()
  }
  process.stdout.write(JSON.stringify(times))
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)
}

if (require.main === module) void start()
