import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { killedStart, serving } from '../support/cli'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

const FIRST_STARTS = Number(process.env.KEEPSAKE_FIRST_STARTS ?? 20)
/** Starts at once; most of a start after a kill is a wait for the lock of the one that was killed. */
const AT_ONCE = 5
/** Kills come within so many times of what one first start takes alone. */
const WINDOW = 1.5
const LONGEST_WAIT_MS = 30_000

const tally = { kills: 0, beforeDatabase: 0, inTheMidst: 0, afterDatabase: 0, ruined: 0 }

describe('a first start on the embedded database that is killed', () => {
  let root: string
  let starting: readonly string[]
  let removeRoot: () => Promise<void>
  /** How long a first start takes here, from when there is a data directory until it serves. */
  let makingMs: number

  beforeAll(async () => {
    const { directory, remove } = await temporaryDirectory()
    root = directory
    removeRoot = remove
    const seed = path.join(root, 'shop.json')
    await writeFile(seed, SMALL_SHOP)
    starting = ['--port', '0', '--seed', seed]
    const whole = serving(inDirectory('whole'), starting)
    await isThere(path.join(root, 'whole'))
    const began = performance.now()
    const server = await whole
    makingMs = performance.now() - began
    await server.stop('SIGTERM')
  })

  afterAll(async () => {
    await removeRoot()
    const { kills, beforeDatabase, inTheMidst, afterDatabase, ruined } = tally
    process.stdout.write(
      `${kills} first starts killed, ${beforeDatabase} before there was a database, ${inTheMidst} while it was made, ` +
        `${afterDatabase} after it; ${ruined} data directories ruined\n`,
    )
  })

  const inDirectory = (name: string) => ({
    KEEPSAKE_DATA_DIR: path.join(root, name),
    KEEPSAKE_LOG_LEVEL: 'error',
  })

  it(
    `leaves a data directory with which the next start serves, ${FIRST_STARTS} times of ${FIRST_STARTS}`,
    async () => {
      const inTurn = pLimit(AT_ONCE)
      const failures: string[] = []
      await Promise.all(
        Array.from({ length: FIRST_STARTS }, (_, index) =>
          inTurn(async () => {
            const name = `killed-${index}`
            await killAfter((WINDOW * makingMs * (index + Math.random())) / FIRST_STARTS, name)
            await expectToServe(name).catch((thrown: unknown) => failures.push(String(thrown)))
            await rm(path.join(root, name), { recursive: true, force: true })
          }),
        ),
      )
      tally.ruined = failures.length
      expect(failures).toEqual([])
    },
    120_000 + FIRST_STARTS * 20_000,
  )

  /** Kills so many milliseconds after there is a data directory: before that, there is nothing to ruin. */
  async function killAfter(milliseconds: number, name: string): Promise<void> {
    const end = await killedStart(inDirectory(name), starting, async () => {
      await isThere(path.join(root, name))
      await sleep(milliseconds)
    })
    expect(end.code).toBe(null)
    tally.kills++
    if (existsSync(path.join(root, name, 'database.unfinished'))) tally.inTheMidst++
    else if (existsSync(path.join(root, name, 'database'))) tally.afterDatabase++
    else tally.beforeDatabase++
  }

  async function expectToServe(name: string): Promise<void> {
    const server = await serving(inDirectory(name), starting)
    try {
      const client = await login(server.url)
      expect(await client.call('product_media.list', 'Sku')).toEqual([])
    } finally {
      await server.stop('SIGTERM')
    }
  }
})

/** @throws when no start makes the directory in time */
async function isThere(directory: string): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS
  while (!existsSync(directory)) {
    if (performance.now() > deadline) throw new Error(`no start has made ${directory}`)
    await sleep(2)
  }
}
