import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { type Measured, measure } from './load'
import { writeDump, writeMedia } from './madeShop'
import { startProcess } from './processes'
import { callRequest, loginRequest, post, returned, text } from './soap'

const MAIN = 'src/main.js'
const LARGE = { products: 200_000, imagesOfProduct: 5, storeViews: 4 }
const SMALL = { products: 200, imagesOfProduct: 5, storeViews: 4 }
const FILES = 4000
const BYTES_OF_FILE = 100 * 1024
/** How many different products are asked for. */
const ASKED = 200
const WATCHED_EVERY_MS = 200
const LOAD = { connections: 8, seconds: 8 }

/** A database that is made for one measurement. */
interface MadeDatabase {
  readonly url: string
  drop(): Promise<void>
}

interface Ran {
  readonly seconds: number
  /** The most memory that the process had, in MB. */
  readonly megabytes: number
}

/** Measures how fast a large shop moves in, beside floors of the same run, and a list of it afterwards. */
export async function measureImports(
  directory: string,
  makeDatabase: () => Promise<MadeDatabase | null>,
  print: (line: string) => void,
): Promise<void> {
  print('\n### Moving a shop in, PostgreSQL\n')
  const [large, small] = [await makeDatabase(), await makeDatabase()]
  if (!large || !small) return print('not measured: no PostgreSQL answers at BENCH_DATABASE_URL')
  try {
    const dump = path.join(directory, 'large.sql')
    await writeDump(dump, LARGE)
    const floor = await ran('cat', ['-u', dump])
    const rows = await imported(dump, null, environmentOf(directory, 'large', large))
    const images = LARGE.products * LARGE.imagesOfProduct
    print(
      `${LARGE.products} products, ${images} images, ${images * 2} rows of values (a dump of ${megabytes((await stat(dump)).size)} MB): ${rows.seconds.toFixed(0)} s, at most ${rows.megabytes.toFixed(0)} MB; cat of the dump takes ${floor.seconds.toFixed(1)} s`,
    )
    await measureMedia(directory, small, print)
    await measureLists(directory, large, small, print)
  } finally {
    await large.drop()
    await small.drop()
  }
}

async function measureMedia(
  directory: string,
  small: MadeDatabase,
  print: (line: string) => void,
): Promise<void> {
  const [dump, media] = [path.join(directory, 'small.sql'), path.join(directory, 'media')]
  const products = FILES / SMALL.imagesOfProduct
  await writeDump(dump, { ...SMALL, products })
  await writeMedia(media, FILES, BYTES_OF_FILE)
  await mkdir(path.join(directory, 'copy'), { recursive: true })
  const copied = await ran('cp', ['-r', media, path.join(directory, 'copy')])
  const synced = await ran('sync', [])
  const hashed = await ran('sh', ['-c', `find '${media}' -type f -exec sha256sum {} + > /dev/null`])
  const whole = await imported(dump, media, environmentOf(directory, 'small', small))
  const floor = copied.seconds + synced.seconds + hashed.seconds
  print(
    `${FILES} files of ${BYTES_OF_FILE / 1024} KB with their rows: ${whole.seconds.toFixed(1)} s; cp -r, sync and sha256sum of the same files ${floor.toFixed(1)} s (${(whole.seconds / floor).toFixed(2)} ×)`,
  )
}

async function measureLists(
  directory: string,
  large: MadeDatabase,
  small: MadeDatabase,
  print: (line: string) => void,
): Promise<void> {
  const ofLarge = await listsOf(environmentOf(directory, 'large', large), LARGE.products)
  const ofSmall = await listsOf(environmentOf(directory, 'small', small), FILES / SMALL.imagesOfProduct)
  print(
    `list, 99th percentile: ${ofLarge.p99} ms in the large shop, ${ofSmall.p99} ms in one of ${FILES} images; ${ofLarge.rate.toFixed(0)} and ${ofSmall.rate.toFixed(0)} per second`,
  )
}

async function listsOf(environment: NodeJS.ProcessEnv, products: number): Promise<Measured> {
  const user = { username: 'bench', apiKey: 'benchKey' }
  await ran(process.execPath, [main(), 'user', 'add', user.username, '--key', user.apiKey], environment)
  const server = await startProcess(MAIN, ['start', '--port', '0'], environment)
  try {
    const session = returned(await post(server.url, loginRequest(user.username, user.apiKey)))
    const requests = Array.from({ length: ASKED }, (_, index) => ({
      method: 'POST' as const,
      path: '/api/soap/',
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: callRequest(session, 'product_media.list', [
        text('item', String(1 + Math.floor((index * products) / ASKED))),
      ]),
    }))
    await measure(server.url, requests, { ...LOAD, seconds: 2 })
    return await measure(server.url, requests, LOAD)
  } finally {
    await server.stop()
  }
}

function environmentOf(directory: string, name: string, { url }: MadeDatabase): NodeJS.ProcessEnv {
  return { DATABASE_URL: url, KEEPSAKE_DATA_DIR: path.join(directory, `data-${name}`) }
}

function imported(dump: string, media: string | null, environment: NodeJS.ProcessEnv): Promise<Ran> {
  const args = ['import', 'magento', dump, ...(media === null ? [] : ['--media', media])]
  return ran(process.execPath, [main(), ...args], environment)
}

function main(): string {
  return path.resolve(__dirname, '..', MAIN)
}

/** Runs a program to its end, and watches its memory where the system tells it. */
async function ran(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const started = performance.now()
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let most = 0
  const watching = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    most = Math.max(most, Number(/^VmHWM:\s+([0-9]+)/m.exec(status)?.[1] ?? 0))
  }, WATCHED_EVERY_MS)
  const [code] = await once(child, 'exit').finally(() => clearInterval(watching))
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`)
  return { seconds: (performance.now() - started) / 1000, megabytes: most / 1024 }
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0)
}
