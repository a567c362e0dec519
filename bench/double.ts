import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type ServerProcess, startProcess } from './processes'
import { envelope, post } from './soap'

const EXTRA_PRODUCTS = 200
const ROUNDS = 100
const WARM_UP = 20

const EXAMPLE = path.join(__dirname, '..', '..', 'examples', 'shop.json')

/** A request to the control API, and the times that it took, in milliseconds. */
interface Timed {
  readonly name: string
  readonly median: number
  readonly p99: number
}

/** Measures and prints how long a test double takes to reset after a test has changed something. */
export async function measureDouble(
  title: string,
  directory: string,
  environment: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<void> {
  const seedFile = path.join(directory, 'double.json')
  const seed = await exampleShop()
  await writeFile(seedFile, JSON.stringify(seed))
  const server = await startProcess('src/main.js', ['start', '--seed', seedFile], {
    DATABASE_URL: undefined,
    KEEPSAKE_PORT: '0',
    KEEPSAKE_MEMORY: 'true',
    KEEPSAKE_DOUBLE: 'true',
    ...environment,
  })
  try {
    print(`\n### A test double with ${seed.products.length} products, ${title}\n`)
    print('| control API | median ms | p99 ms |\n|---|---:|---:|')
    await ask(server, 'PUT', '/snapshots/bench')
    const openSession = () => post(server.url, envelope('<ns1:startSession/>'))
    const rows = [
      await timed('reset after a session was opened', () => ask(server, 'POST', '/reset'), openSession),
      await timed(
        'reset after a new product',
        () => ask(server, 'POST', '/reset'),
        () => ask(server, 'PUT', '/products/passing', {}),
      ),
      await timed(
        'restore of a snapshot after a session was opened',
        () => ask(server, 'POST', '/snapshots/bench/restore'),
        openSession,
      ),
      await timed('taking a snapshot', () => ask(server, 'PUT', '/snapshots/bench'), openSession),
    ]
    for (const { name, median, p99 } of rows) print(`| ${name} | ${median.toFixed(1)} | ${p99.toFixed(1)} |`)
  } finally {
    await server.stop()
  }
}

async function exampleShop() {
  const seed = JSON.parse(await readFile(EXAMPLE, 'utf8'))
  const [{ attributeSet, websites }] = seed.products
  for (let number = 1; number <= EXTRA_PRODUCTS; number++)
    seed.products.push({ sku: `extra-${number}`, attributeSet, websites })
  return seed
}

/** Measures a request. @param change runs before each one, and is not measured itself */
async function timed(
  name: string,
  work: () => Promise<unknown>,
  change: () => Promise<unknown>,
): Promise<Timed> {
  const times: number[] = []
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    await change()
    const started = performance.now()
    await work()
    if (round >= 0) times.push(performance.now() - started)
  }
  times.sort((one, other) => one - other)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? Number.NaN
  return { name, median: at(0.5), p99: at(0.99) }
}

async function ask({ url }: ServerProcess, method: string, target: string, body?: unknown): Promise<void> {
  const answer = await fetch(`${url}/_keepsake${target}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status}`)
}
