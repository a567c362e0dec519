import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, keepsake, serving } from '../support/cli'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'

const CONSUMER = 'consumer'.padEnd(32, '0')
const TOKEN = 'token'.padEnd(32, '0')
const SEED = {
  ...JSON.parse(SMALL_SHOP),
  users: [
    { username: 'apiUser', apiKey: 'apiKey123', role: 'all' },
    { username: 'leaver', apiKey: 'leaverKey', role: 'all' },
  ],
  oauth: {
    consumers: [{ key: CONSUMER, secret: 'consumer secret' }],
    tokens: [{ consumer: CONSUMER, type: 'admin', token: TOKEN, secret: 'token secret' }],
  },
}
const APPLIED_AGAIN = [
  'warning: user apiUser differs from the seed in its key',
  'warning: user leaver differs from the seed in whether it is active',
  `warning: OAuth token token0… differs from the seed in whether it is revoked`,
]

let environment: Environment
let seedFile: string
let removeDirectory: () => Promise<void>
let leaver: SoapClient
let port: string

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data') }
  seedFile = path.join(directory, 'shop.json')
  await writeFile(seedFile, JSON.stringify(SEED))
  const server = await serving(environment, ['--port', '0', '--seed', seedFile])
  port = new URL(server.url).port
  leaver = await login(server.url, { username: 'leaver', apiKey: 'leaverKey' })
  await server.stop('SIGTERM')
  await ran('user', 'set-key', 'apiUser', '--key', 'newKey')
  await ran('user', 'disable', 'leaver')
  await ran('oauth', 'token', 'revoke', TOKEN)
})

afterAll(() => removeDirectory())

async function ran(...args: readonly string[]) {
  const finished = await keepsake(args, environment)
  expect(finished).toMatchObject({ code: 0 })
  return finished
}

/** Starts the server on the port that it had first, and stops it when the work is done. */
async function served(args: readonly string[], work: (url: string) => Promise<void>): Promise<string> {
  const server = await serving(environment, ['--port', port, ...args])
  let stderr = ''
  try {
    await work(server.url)
  } finally {
    stderr = (await server.stop('SIGTERM')).stderr
  }
  return stderr
}

const expectDenied = (url: string, username: string, apiKey: string) =>
  expect(login(url, { username, apiKey })).rejects.toThrow('fault 2')

describe('a seed that is put in again', () => {
  it('at a start brings back no key, no user and no token that an operator has ended', async () => {
    const stderr = await served(['--seed', seedFile], async (url) => {
      await expectDenied(url, 'apiUser', 'apiKey123')
      await expectDenied(url, 'leaver', 'leaverKey')
      await login(url, { username: 'apiUser', apiKey: 'newKey' })
    })
    expect((await ran('user', 'list')).stdout).toMatch(/^leaver +all +disabled +scrypt$/m)
    expect((await ran('oauth', 'token', 'list')).stdout).toMatch(/ revoked$/m)
    for (const line of APPLIED_AGAIN) expect(stderr).toContain(line.slice('warning: '.length))
    expect(stderr).not.toMatch(new RegExp(`apiKey123|${TOKEN}`))
  })

  it('by the command tells what differs, and adds what is missing', async () => {
    const more = { ...SEED, products: [...SEED.products, { sku: 'Added', attributeSet: 4 }] }
    await writeFile(seedFile, JSON.stringify(more))
    const { stdout, stderr } = await ran('seed', seedFile)
    expect(stdout).toBe('Seeded: 2 users, 2 store views, 2 products.\n')
    expect(stderr).toBe(
      [
        ...APPLIED_AGAIN.map((line) => `keepsake: ${line}`),
        'keepsake: warning: what differs was left as it is; --overwrite-with-seed brings it to what the seed says',
        '',
      ].join('\n'),
    )
    expect((await ran('product', 'list')).stdout).toContain('Added')
  })

  it('overwrites where it is told to, and revives no session', async () => {
    expect(await ran('seed', seedFile, '--overwrite-with-seed')).toMatchObject({ stderr: '' })
    expect((await ran('oauth', 'token', 'list')).stdout).toMatch(/ active$/m)
    await served([], async (url) => {
      expect(await leaver.fault('product_media.list', 'Sku')).toMatchObject({ code: '5' })
      await expectDenied(url, 'apiUser', 'newKey')
      await login(url, { username: 'apiUser', apiKey: 'apiKey123' })
      await login(url, { username: 'leaver', apiKey: 'leaverKey' })
    })
  })

  it('overwrites at the start of a test double, whose reset goes back to it', async () => {
    await ran('user', 'disable', 'leaver')
    await served(['--double', '--seed', seedFile], async (url) => {
      await login(url, { username: 'leaver', apiKey: 'leaverKey' })
      await fetch(`${url}/_keepsake/users/leaver`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"active": false}',
      })
      await expectDenied(url, 'leaver', 'leaverKey')
      expect((await fetch(`${url}/_keepsake/reset`, { method: 'POST' })).status).toBe(204)
      await login(url, { username: 'leaver', apiKey: 'leaverKey' })
    })
  })
})
