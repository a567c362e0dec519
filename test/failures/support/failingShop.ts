import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Environment, type Finished, type Serving, serving } from '../../support/cli'
import { send } from '../../support/http'
import { OAUTH_SEED } from '../../support/oauth'
import { picture } from '../../support/pictures'
import { SMALL_SHOP } from '../../support/seed'
import { temporaryDirectory } from '../../support/server'
import { login, type Plain, type SoapClient } from '../../support/soap'

/** The small shop, with a consumer and tokens for REST. */
export const FAILING_SHOP = JSON.stringify({ ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED })

/** A server process that is watched while something around it fails. */
export interface FailingShop {
  readonly server: Serving
  readonly client: SoapClient
  readonly dataDirectory: string
  /** Stops it, if it still runs, as an operator would. */
  stop(): Promise<Finished>
}

/** Starts a server process with these settings, metrics included. */
export async function failingShop(environment: Environment): Promise<FailingShop> {
  const { directory, remove } = await temporaryDirectory()
  const seed = path.join(directory, 'shop.json')
  await writeFile(seed, FAILING_SHOP)
  const dataDirectory = path.join(directory, 'data')
  const server = await serving({ KEEPSAKE_DATA_DIR: dataDirectory, ...environment }, [
    '--port',
    '0',
    '--seed',
    seed,
  ])
  return {
    server,
    client: await login(server.url),
    dataDirectory,
    async stop() {
      const end = await server.stop('SIGTERM')
      await remove()
      return end
    },
  }
}

/** The data of a create, with a picture of its own. */
export async function newImage(shade = 0): Promise<Plain> {
  return { file: { mime: 'image/jpeg', content: (await picture('jpeg', shade)).toString('base64') } }
}

/** Waits until this holds; jest's own limit ends the wait. */
export async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await pause(20)
}

export async function isReady(url: string): Promise<boolean> {
  return (await send(url, { path: '/readyz' })).status === 200
}
