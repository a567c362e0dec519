import { readFile } from 'node:fs/promises'
import { type ServerUrls, serverUrls } from '../serverUrls'
import { type Control, controlOf } from './control'
import type { ApiUser, WantedServer } from './hostMessages'
import { sharedHost } from './hostProcess'
import { KeepsakeError } from './keepsakeError'
import type { SeedFile } from './seedFile'

export interface StartOptions {
  /**
   * What the shop has: a seed, or the path of a seed file (docs/reference/seed-file.md). Without it: the API user `apiUser`
   * with the key `apiKey`, a product `Sku` (id 1), one `Voucher` without a gallery, and the store views `default` and
   * `german`.
   */
  readonly seed?: SeedFile | string
  /** Makes unknown products on first use, and lets any key log in. */
  readonly loose?: boolean
  /** Session ids come in an order that repeats from every start and reset on. */
  readonly deterministicIds?: boolean
  /** Obeys SKUs such as `keepsake-fault-104`, as docs/reference/faults.md tells. */
  readonly magicSkus?: boolean
  /** The port on 127.0.0.1; without it, a free one. */
  readonly port?: number
  /** What of the server's log goes to standard error: `error` unless given. */
  readonly logLevel?: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
  /** Any other setting, by its environment variable. This process's own environment does not count. */
  readonly settings?: Readonly<Record<`KEEPSAKE_${string}`, string>>
}

/** A running server, in a process beside this one, with everything in memory. */
export interface Keepsake extends ServerUrls, AsyncDisposable {
  readonly port: number
  /** Who may log in: the seed's first user who is active and has a role; null if it has none. */
  readonly user: ApiUser | null
  /** What a test does with the server, beside calling it. */
  readonly control: Control
  /** Stops the server, and everything in it is gone. Once more does nothing. */
  stop(): Promise<void>
}

/**
 * Starts a server that answers as Magento's API does, and can be told what to answer.
 *
 * It keeps this process from ending no longer than the start takes, and is gone when this process is.
 *
 * @throws KeepsakeError for a bad seed or setting, or a port that is taken
 */
export async function startKeepsake(options: StartOptions = {}): Promise<Keepsake> {
  const wanted = await wantedBy(options)
  const host = sharedHost()
  const { server, started } = await host.start(wanted)
  const stop = () => host.stop(server)
  const url = `http://127.0.0.1:${started.port}`
  return {
    ...serverUrls(url),
    port: started.port,
    user: started.user,
    control: controlOf(url),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function wantedBy({ seed, settings = {}, ...options }: StartOptions): Promise<WantedServer> {
  const { loose, deterministicIds, magicSkus, port = 0, logLevel = 'error' } = options
  const flags = {
    loose,
    deterministicIds,
    magicSkus,
    port,
    logLevel,
    host: '127.0.0.1',
    memory: true,
    double: true,
  }
  return { seed: await jsonOf(seed), flags: texts(flags), settings }
}

async function jsonOf(seed: StartOptions['seed']): Promise<string | null> {
  if (seed === undefined) return null
  if (typeof seed !== 'string') return JSON.stringify(seed)
  try {
    return await readFile(seed, 'utf8')
  } catch (cause) {
    throw new KeepsakeError(`seed: ${(cause as Error).message}`, { cause })
  }
}

function texts(flags: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
}
