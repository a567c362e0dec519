import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, keepsake, serving } from '../support/cli'
import { send } from '../support/http'
import { type Credentials, oauthHeader, signed } from '../support/oauth'
import { temporaryDirectory } from '../support/server'

let directory: string
let environment: Environment
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  directory = temporary.directory
  removeDirectory = temporary.remove
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data') }
})

afterAll(() => removeDirectory())

/** Runs a command that is to succeed, and answers what it says. */
async function ran(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await keepsake(['oauth', ...args], environment)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

/** Runs a command that is to be refused, and answers why. */
async function refused(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await keepsake(['oauth', ...args], environment)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr
}

const printed = (stdout: string, what: 'Key' | 'Token' | 'Secret') =>
  new RegExp(`^${what}: ([0-9a-f]{32})$`, 'm').exec(stdout)?.[1] ?? ''

async function file(name: string, content: string): Promise<string> {
  const where = path.join(directory, name)
  await writeFile(where, content)
  return where
}

const pem = ({ publicKey }: { readonly publicKey: KeyObject }) =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString()

describe('an OAuth consumer', () => {
  let consumer: Credentials
  let rsaKey: string

  it('is added with a key and a secret, which are told this once', async () => {
    const stdout = await ran('consumer', 'add', 'Importer', '--callback', 'https://consumer.example/ready')
    consumer = { key: printed(stdout, 'Key'), secret: printed(stdout, 'Secret') }
    expect(stdout).toBe(`Added OAuth consumer Importer.\nKey: ${consumer.key}\nSecret: ${consumer.secret}\n`)
  })

  it('is added with an RSA public key in place of a secret', async () => {
    const publicKey = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }))
    const stdout = await ran(
      'consumer',
      'add',
      'Signer',
      '--rsa-public-key',
      await file('public.pem', publicKey),
    )
    rsaKey = printed(stdout, 'Key')
    expect(stdout).toBe(`Added OAuth consumer Signer.\nKey: ${rsaKey}\n`)
  })

  it('is listed without its secret', async () => {
    expect(await ran('consumer', 'list')).toBe(
      [
        'KEY                               NAME      SIGNS WITH  CALLBACK',
        `${consumer.key}  Importer  secret      https://consumer.example/ready`,
        `${rsaKey}  Signer    RSA key     -`,
        '',
      ].join('\n'),
    )
  })

  it('is not added with a callback to which no browser may be sent', async () => {
    expect(await refused('consumer', 'add', 'Other', '--callback', 'javascript:alert(1)')).toBe(
      'keepsake: --callback: expected an absolute http or https URL\n',
    )
  })

  it.each([
    ['nothing', ''],
    ['no key', 'hello'],
    ['a key of another kind', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }))],
    ['a key that is too short', pem(generateKeyPairSync('rsa', { modulusLength: 512 }))],
  ])('is not added with %s for an RSA key', async (_what, content) => {
    const where = await file('bad.pem', content)
    expect(await refused('consumer', 'add', 'Other', '--rsa-public-key', where)).toBe(
      `keepsake: ${where}: expected an RSA public key of 1024 bits or more, as PEM\n`,
    )
  })

  it('is believed by a server on the same data, whose key is in its directory', async () => {
    const keyFile = path.join(directory, 'data', 'secret.key')
    expect(await readFile(keyFile, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
    const server = await serving(environment)
    try {
      expect(await initiated(server.url, consumer)).toMatchObject({ status: 200 })
      expect(await initiated(server.url, { ...consumer, secret: 'other' })).toMatchObject({ status: 401 })
    } finally {
      await server.stop('SIGTERM')
    }
  })

  it('is believed by no server with another key, which says so to its log alone', async () => {
    const server = await serving({ ...environment, KEEPSAKE_SECRET_KEY: 'ab'.repeat(32) })
    expect(await initiated(server.url, consumer)).toMatchObject({
      status: 500,
      text: 'oauth_problem=internal_error',
    })
    const { stderr } = await server.stop('SIGTERM')
    expect(stderr).toContain('a stored secret was not encrypted with this key')
    expect(stderr).not.toContain('abababab')
  })

  it('is not added with a key that would be gone with the command', async () => {
    const forgetful = { KEEPSAKE_MEMORY: 'true', DATABASE_URL: 'postgres://127.0.0.1:1/none' }
    expect(await keepsake(['oauth', 'consumer', 'add', 'Other'], forgetful)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'keepsake: KEEPSAKE_MEMORY is set: without KEEPSAKE_SECRET_KEY, no server could read the secret\n',
    })
  })

  it('is added over no damaged key', async () => {
    const data = path.join(directory, 'damaged')
    expect((await keepsake(['migrate'], { KEEPSAKE_DATA_DIR: data })).code).toBe(0)
    await writeFile(path.join(data, 'secret.key'), 'damaged')
    expect(await keepsake(['oauth', 'consumer', 'add', 'Other'], { KEEPSAKE_DATA_DIR: data })).toEqual({
      code: 1,
      stdout: '',
      stderr: `keepsake: ${path.join(data, 'secret.key')} holds no key of 64 hex digits\n`,
    })
  })

  describe('has access tokens, which', () => {
    let token: string

    it('are issued with a secret that is told this once', async () => {
      const stdout = await ran('token', 'issue', consumer.key, '--type', 'admin')
      token = printed(stdout, 'Token')
      expect(stdout).toBe(
        `Issued an access token of type admin.\nToken: ${token}\nSecret: ${printed(stdout, 'Secret')}\n`,
      )
    })

    it('are revoked, and listed as such', async () => {
      const customer = printed(await ran('token', 'issue', rsaKey, '--type', 'customer'), 'Token')
      expect(await ran('token', 'revoke', token)).toBe(`Revoked token ${token}.\n`)
      expect(await ran('token', 'list')).toBe(
        [
          'TOKEN                             CONSUMER                          TYPE      AUTHORIZED BY  STATE',
          `${token}  ${consumer.key}  admin     -              revoked`,
          `${customer}  ${rsaKey}  customer  -              active`,
          '',
        ].join('\n'),
      )
    })

    it.each([
      [
        'issued for an unknown consumer',
        ['issue', 'nobody', '--type', 'admin'],
        'there is no OAuth consumer nobody',
      ],
      ['revoked when there is none', ['revoke', 'none'], 'there is no OAuth token none'],
    ])('are not %s', async (_what, args, reason) => {
      expect(await refused('token', ...args)).toBe(`keepsake: ${reason}\n`)
    })

    it.each([[[]], [['--type', 'guest']]])('are not issued with %j', async (flags) => {
      const { code, stderr } = await keepsake(
        ['oauth', 'token', 'issue', consumer.key, ...flags],
        environment,
      )
      expect(code).toBe(1)
      expect(stderr).toContain('--type <type>')
    })
  })
})

describe('a secret key that is not the one that secrets were stored with', () => {
  const WARNING = /^keepsake: warning: \d+ OAuth secrets in the database were encrypted with another key/
  const otherKey = () => ({ ...environment, KEEPSAKE_SECRET_KEY: 'f'.repeat(64) })

  it('is told by the commands that store a secret', async () => {
    const { code, stdout, stderr } = await keepsake(['oauth', 'consumer', 'add', 'Late'], otherKey())
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(WARNING) })
    const issued = ['oauth', 'token', 'issue', printed(stdout, 'Key'), '--type', 'admin']
    expect((await keepsake(issued, otherKey())).stderr).toMatch(WARNING)
  })

  it('is logged at the start of a server, which serves all the same', async () => {
    const server = await serving(otherKey())
    expect((await send(server.url, { path: '/readyz' })).status).toBe(200)
    const { stderr } = await server.stop('SIGTERM')
    const errors = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ level }) => level >= 50)
    expect(errors).toEqual([
      expect.objectContaining({ msg: expect.stringContaining('give every server and command the same') }),
    ])
    expect(stderr).not.toContain('f'.repeat(64))
  })
})

function initiated(url: string, consumer: Credentials) {
  const change = { oauth_callback: 'oob' }
  const parameters = signed({ url: `${url}/oauth/initiate`, method: 'POST', consumer, token: null, change })
  const headers = { authorization: oauthHeader(parameters) }
  return send(url, { method: 'POST', path: '/oauth/initiate', headers })
}
