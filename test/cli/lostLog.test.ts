import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { MAIN, requireFreshBuild } from '../support/cli'
import { freePort } from '../support/freePort'
import { send } from '../support/http'

/** Each line is some 200 bytes: together they are more than a pipe holds, and than is kept for one that is full. */
const REQUESTS = 3000
const AT_ONCE = 20
const LONG_PATH = `/${'x'.repeat(1000)}`

beforeAll(requireFreshBuild)

interface Started {
  readonly child: ChildProcess
  readonly url: string
}

async function started(log: 'pipe' | number): Promise<Started> {
  const port = await freePort()
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [MAIN, 'start', '--memory', '--port', String(port)], {
    env: { PATH },
    stdio: ['ignore', log, log],
  })
  return { child, url: `http://127.0.0.1:${port}` }
}

async function serves({ child, url }: Started): Promise<void> {
  while ((await statusOf(url, '/healthz')) !== 200) {
    if (child.exitCode !== null) throw new Error(`ended before it served, with status ${child.exitCode}`)
    await pause(50)
  }
}

const statusOf = async (url: string, path: string) => (await send(url, { path }).catch(() => null))?.status

async function makeLogLines({ url }: Started): Promise<void> {
  for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
    const statuses = await Promise.all(Array.from({ length: AT_ONCE }, () => statusOf(url, LONG_PATH)))
    expect(new Set(statuses)).toEqual(new Set([404]))
  }
}

async function told(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = await ended
  return code
}

describe('a log that cannot be written neither ends the server nor keeps it', () => {
  it('when its reader has gone after a line, as head does', async () => {
    const server = await started('pipe')
    const { child } = server
    child.stdout?.once('data', () => child.stdout?.destroy())
    child.stderr?.destroy()
    await serves(server)
    await makeLogLines(server)
    expect(await told(child)).toBe(0)
  })

  it('when its disk is full', async () => {
    const full = openSync('/dev/full', 'w')
    const server = await started(full)
    closeSync(full)
    await serves(server)
    await makeLogLines(server)
    expect(await told(server.child)).toBe(0)
  })

  it('when its reader does not read', async () => {
    const server = await started('pipe')
    await serves(server)
    await makeLogLines(server)
    expect(await told(server.child)).toBe(0)
  })
})

it('a reader that reads again gets whole lines, and is told how many are lost', async () => {
  const server = await started('pipe')
  const { child } = server
  await serves(server)
  await makeLogLines(server)
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  while (!log.includes('"lost"')) await pause(50)
  const closed = once(child, 'close')
  child.stdout?.resume()
  child.kill('SIGTERM')
  await closed
  const lines = log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const logged = lines.filter(({ path }) => path === LONG_PATH).length
  const lost = lines.find((line) => 'lost' in line)?.lost
  expect(logged).toBeGreaterThan(0)
  expect(lost).toBeGreaterThanOrEqual(REQUESTS - logged)
  expect(lines.at(-1)).toMatchObject({ msg: 'stopping', signal: 'SIGTERM' })
})
