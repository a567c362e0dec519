import { scryptSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import pino, { type Logger } from 'pino'
import { serve } from '../../src/server/serve'
import { openStorage, type Storage } from '../../src/server/storage'
import { readSettings, type Settings } from '../../src/settings/settings'
import type { Database } from '../../src/store/database/database'
import { applySeed, parseSeed, type Seed } from '../../src/store/shop/seed'

/** A running server of its own, with its storage at hand. */
export interface TestServer {
  readonly url: string
  /** Where the control API and the console are: the same unless they have a port of their own. */
  readonly controlUrl: string
  /** Where `/metrics` is served; null when nothing is measured. */
  readonly metricsUrl: string | null
  readonly storage: Storage
  stop(): Promise<void>
}

export interface TestServerOptions {
  readonly seed?: string
  /** Settings by their environment variables; without any, everything is kept in memory. */
  readonly environment?: NodeJS.ProcessEnv
  readonly log?: Logger
}

/** Starts the whole application on a free port, seeded. */
export async function startTestServer({
  seed,
  environment,
  log = silent,
}: TestServerOptions = {}): Promise<TestServer> {
  const settings: Settings = readSettings(
    {},
    { KEEPSAKE_PORT: '0', ...(environment ?? { KEEPSAKE_MEMORY: 'true' }) },
  )
  const storage = await openStorage(settings, log, () => {})
  if (seed !== undefined) {
    const shop = parseSeed(seed)
    await applySeed(storage.database, shop, storage.secretBox)
    await keepCheapHashes(storage.database, shop)
  }
  const server = await serve(storage, settings, log)
  return {
    url: `http://127.0.0.1:${server.port}`,
    controlUrl: `http://127.0.0.1:${server.controlPort}`,
    metricsUrl: server.metricsPort === null ? null : `http://127.0.0.1:${server.metricsPort}`,
    storage,
    async stop() {
      await server.stop()
      await storage.close()
    },
  }
}

const SALT = Buffer.from('salt of the tests')

const setHashes = {
  name: 'test_set_hashes',
  text: `
    UPDATE api_user SET api_key_hash = given.hash FROM unnest($1::text[], $2::text[]) AS given (username, hash)
     WHERE api_user.username = given.username`,
}

/**
 * Hashes the keys of the seed's users again, at the least cost that a stored hash can name: a login takes 50 ms of a core
 * by design, and most tests begin with one.
 */
async function keepCheapHashes(database: Database, { users }: Seed): Promise<void> {
  const hashes = users.map(({ apiKey }) => {
    const hash = scryptSync(apiKey, SALT, 32, { N: 2, r: 1, p: 1 })
    return `scrypt$2$1$1$${SALT.toString('base64')}$${hash.toString('base64')}`
  })
  await database.query(setHashes, [users.map(({ username }) => username), hashes])
}

export const silent: Logger = pino({ level: 'silent' })

/** A directory of its own, removed by what comes with it. */
export async function temporaryDirectory(): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'keepsake-test-'))
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** A new database beside the one of TEST_DATABASE_URL, dropped by what comes with it. */
export async function temporaryDatabase(
  serverUrl: string,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `keepsake_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  await onServer(serverUrl, `CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
