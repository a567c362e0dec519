import { readdir } from 'node:fs/promises'
import { freePort } from '../support/freePort'
import { type HttpAnswer, send } from '../support/http'
import { OAUTH_SEED } from '../support/oauth'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login, type Plain, type SoapClient } from '../support/soap'
import { hostileFiles } from './support/files'
import { LONG_TEXTS } from './support/longTexts'
import { type HostileInput, MB } from './support/requests'
import { STRUCTURES } from './support/structures'
import { TOGETHER, type Together } from './support/together'
import { type Cost, type WatchedServer, watchedServer } from './support/watchedServer'

/** What is promised of any input (SECURITY.md): of the server, and of the server and its decoders together. */
const LONGEST_TURN_MS = 100
/** How many times as long as the floor a turn may take where memory is so slow that this is longer. */
const LONGEST_TURN_OF_FLOOR = 3
const MOST_MEMORY_MB = 300
const MOST_MEMORY_WITH_DECODERS_MB = 700

/** What is promised of all inputs at once, with the limits that a server has unless it is told others. */
const MOST_MEMORY_TOGETHER_MB = 800

/** KEEPSAKE_HOSTILE="XML-RPC" takes only the inputs with this in their name. */
const ONLY = process.env.KEEPSAKE_HOSTILE ?? ''

const TIMEOUT_MS = 180_000

const PICTURE = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

let server: WatchedServer
let client: SoapClient
let remove: () => Promise<void>
let directory: string
let filesOutside: readonly string[]
const costs: (Cost & { readonly name: string })[] = []

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  const seed = JSON.stringify({ ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED })
  server = await watchedServer(temporary.directory, seed, await freePort())
  client = await login(server.url)
  await client.call('product_media.create', 'Sku', {
    file: { name: 'kept', mime: 'image/gif', content: PICTURE },
    label: 'kept',
  })
  directory = temporary.directory
  remove = temporary.remove
  filesOutside = await filesBeside()
}, TIMEOUT_MS)

afterAll(async () => {
  await server.stop()
  await remove()
  const [slowest] = [...costs].sort((one, other) => other.longestTurnMs - one.longestTurnMs)
  const [largest] = [...costs].sort((one, other) => other.memoryBytes - one.memoryBytes)
  const withDecoders = Math.max(...costs.map(({ memoryWithDecodersBytes }) => memoryWithDecodersBytes))
  process.stdout.write(
    `${costs.length} hostile inputs; the longest turn ${slowest?.longestTurnMs.toFixed(0)} ms (${slowest?.name}), ` +
      `the most memory ${((largest?.memoryBytes ?? 0) / MB).toFixed(0)} MB (${largest?.name}), ` +
      `with decoders ${(withDecoders / MB).toFixed(0)} MB\n`,
  )
})

test('the server answers', async () => {
  expect(await client.call('product_media.list', 'Sku')).toHaveLength(1)
})

describe.each<readonly [string, () => readonly HostileInput[] | Promise<readonly HostileInput[]>]>([
  ['files', hostileFiles],
  ['many of something', () => STRUCTURES],
  ['one long text', () => LONG_TEXTS],
])('%s', (_kind, inputs) => {
  it(
    'is answered clearly, changes nothing that it should not, and keeps nobody waiting',
    async () => {
      const failures: string[] = []
      for (const input of await inputs()) {
        if (!input.name.includes(ONLY)) continue
        try {
          await withstoodInTheEnd(input)
        } catch (thrown) {
          failures.push(`${input.name}: ${(thrown as Error).message}`)
        }
      }
      expect(failures).toEqual([])
    },
    20 * TIMEOUT_MS,
  )
})

it(
  'withstands many at once, in a bounded amount of memory',
  async () => {
    const failures: string[] = []
    for (const input of TOGETHER) {
      if (!input.name.includes(ONLY)) continue
      try {
        await withstoodTogether(input)
      } catch (thrown) {
        failures.push(`${input.name}: ${(thrown as Error).message}`)
      }
    }
    expect(failures).toEqual([])
  },
  20 * TIMEOUT_MS,
)

test('no file is outside of the store but what was there', async () => {
  expect(await filesBeside()).toEqual(filesOutside)
})

/** What happens to fall into one turn, such as a large garbage collection, does not do so each time. */
const TRIES = 3

async function withstoodInTheEnd(input: HostileInput): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await withstood(input)
    } catch (thrown) {
      if (!(thrown instanceof TooCostly) || tries === TRIES) throw thrown
    }
  }
}

/** How long a turn takes is asked of one input alone: a large garbage collection falls into some turn of so many. */
async function withstoodTogether({ name, count, request, says }: Together): Promise<void> {
  const each = request({ url: server.url, session: client.session })
  const { result: answers, cost } = await server.measure(() =>
    Promise.all(Array.from({ length: count }, () => sent(each))),
  )
  const megabytes = cost.memoryWithDecodersBytes / MB
  process.stdout.write(
    `${cost.longestTurnMs.toFixed(0).padStart(6)} ms ${megabytes.toFixed(0).padStart(5)} MB  ${name}\n`,
  )
  for (const answer of answers) expect(answer.slice(0, 3000)).toMatch(says)
  await shown()
  if (megabytes > MOST_MEMORY_TOGETHER_MB) throw new TooCostly(`took ${megabytes} MB`)
}

async function withstood(input: HostileInput): Promise<void> {
  const before = await shown()
  const request = input.request({ url: server.url, session: client.session })
  const { result: answer, cost } = await server.measure(() => sent(request))
  costs.push({ ...cost, name: input.name })
  const megabytes = cost.memoryBytes / MB
  process.stdout.write(
    `${cost.longestTurnMs.toFixed(0).padStart(6)} ms ${megabytes.toFixed(0).padStart(5)} MB  ${input.name}\n`,
  )
  // An answer may be as long as a body.
  expect(answer.slice(0, 3000)).toMatch(input.says)
  const after = await shown()
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.length - before.length).toBe(input.adds ?? 0)
  if (cost.longestTurnMs > LONGEST_TURN_MS && cost.longestTurnMs > LONGEST_TURN_OF_FLOOR * floorMs())
    throw new TooCostly(`no turn for ${cost.longestTurnMs} ms`)
  if (megabytes > MOST_MEMORY_MB) throw new TooCostly(`took ${megabytes} MB`)
  const withDecoders = cost.memoryWithDecodersBytes / MB
  if (withDecoders > MOST_MEMORY_WITH_DECODERS_MB)
    throw new TooCostly(`took ${withDecoders} MB with its decoder`)
}

/**
 * The floor of a turn: how long this machine takes, at this moment, to gather and read one body of 60 MB. Machines whose memory is
 * shared with others take ten times as long in one minute as in the next, and the server's turns take longer with them.
 */
function floorMs(): number {
  const started = performance.now()
  const body = Buffer.concat(Array.from({ length: 960 }, () => Buffer.alloc(64 * 1024, 'a')))
  expect(body.toString('utf8')).toHaveLength(60 * MB)
  return performance.now() - started
}

/** An input was answered as it should be, but took too long a turn or too much memory. */
class TooCostly extends Error {}

/** The gallery, which tells that the process lives as well. */
async function shown(): Promise<readonly Plain[]> {
  return (await client.call('product_media.list', 'Sku')) as readonly Plain[]
}

/** The status and the text of an answer; a connection that is closed without one is status 0. */
async function sent(request: Parameters<typeof send>[1]): Promise<string> {
  const answer: Pick<HttpAnswer, 'status' | 'text'> = await send(server.url, request).catch(
    (thrown: Error) => ({
      status: 0,
      text: thrown.message,
    }),
  )
  return `${answer.status} ${answer.text}`
}

/** Everything in the server's directory that is not its data. */
async function filesBeside(): Promise<readonly string[]> {
  return (await readdir(directory)).sort()
}
