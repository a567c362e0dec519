import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openStorage } from '../../src/server/storage'
import { readSettings } from '../../src/settings/settings'
import { type Environment, keepsake, serving } from './cli'
import { sql } from './databases'
import { SMALL_SHOP } from './seed'
import { silent, temporaryDirectory } from './server'
import { login, type SoapClient } from './soap'

/** A small shop on the embedded database and the disk, with the preset `small`, for commands and for a server in turn. */
export interface ShopOnDisk {
  readonly directory: string
  /** The directory of its image store. */
  readonly images: string
  readonly environment: Environment
  /** Runs `work` with a client of a server, which is stopped afterwards. */
  whileServing(work: (client: SoapClient, url: string) => Promise<void>): Promise<void>
  /** Runs a statement on its database, while no server is. */
  query(text: string, values?: readonly unknown[]): Promise<readonly object[]>
  remove(): Promise<void>
}

/** Makes a small shop in a directory of its own. */
export async function shopOnDisk(): Promise<ShopOnDisk> {
  const { directory, remove } = await temporaryDirectory()
  const data = path.join(directory, 'data')
  const presets = path.join(directory, 'presets.json')
  const environment: Environment = { KEEPSAKE_DATA_DIR: data, KEEPSAKE_IMAGE_PRESETS: presets }
  await writeFile(presets, JSON.stringify({ small: { width: 30 } }))
  await writeFile(path.join(directory, 'seed.json'), SMALL_SHOP)
  const seeded = await keepsake(['seed', path.join(directory, 'seed.json')], environment)
  if (seeded.code !== 0) throw new Error(seeded.stderr)
  return {
    directory,
    images: path.join(data, 'images'),
    environment,
    async whileServing(work) {
      const server = await serving(environment)
      try {
        await work(await login(server.url), server.url)
      } finally {
        await server.stop('SIGTERM')
      }
    },
    async query(text, values = []) {
      const { database, close } = await openStorage(readSettings({}, environment), silent, () => {})
      return database.query(sql(text), values).finally(close)
    },
    remove,
  }
}
