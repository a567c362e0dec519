import { readFile } from 'node:fs/promises'
import { type ServerUrls, serverUrls } from '../serverUrls'
import { type Control, controlOf } from './control'
import type { ApiUser, WantedServer } from './hostMessages'
import { sharedHost } from './hostProcess'
import { KeepsakeError } from './keepsakeError'
import type { SeedFile } from './seedFile'

/** Options of {@link startKeepsake}. All are optional. */
export interface StartOptions {
  /**
   * The contents of the shop: a seed, or the path of a seed file (docs/reference/seed-file.md). By default, the shop has the API
   * user `apiUser` with the key `apiKey`, a product `Sku` (id 1), a product `Voucher` without a gallery, and the store
   * views `default` and `german`.
   */
  readonly seed?: SeedFile | string
  /**
   * Creates an unknown product or user when a call names it, and accepts any API key or signature; false by default.
   */
  readonly loose?: boolean
  /** Makes session ids repeat in the same order after each start and reset; false by default. */
  readonly deterministicIds?: boolean
  /** Answers calls for SKUs such as `keepsake-fault-104` with that fault (docs/reference/faults.md); false by default. */
  readonly magicSkus?: boolean
  /** The TCP port on 127.0.0.1; a free one by default. */
  readonly port?: number
  /** The lowest level of log messages that are written to standard error; `error` by default. */
  readonly logLevel?: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
  /**
   * Any other settings, by their environment variables (docs/reference/settings.md). The environment of this process is ignored.
   *
   * @example
   * { KEEPSAKE_SESSION_LIFETIME: '60' }
   */
  readonly settings?: Readonly<Record<`KEEPSAKE_${string}`, string>>
}

/** A running server. It runs in a child process, and keeps everything in memory. */
export interface Keepsake extends ServerUrls, AsyncDisposable {
  /** The TCP port on 127.0.0.1. */
  readonly port: number
  /** The seed's first user who is active and has a role, and so may log in; null if there is none. */
  readonly user: ApiUser | null
  /** Sets up, watches and resets the server. */
  readonly control: Control
  /** Stops the server and discards its contents. A second call does nothing. */
  stop(): Promise<void>
}

/**
 * Starts a server that answers as Magento's API does, and that a test can tell what to answer.
 *
 * The running server does not keep this process alive, and it ends when this process ends.
 *
 * @throws KeepsakeError for a bad seed or setting, or a port that is in use
 * @example
 * const keepsake = await startKeepsake()
 * // Call keepsake.wsdl, v2Wsdl, xmlrpcUrl, jsonrpcUrl or restUrl as keepsake.user.
 * await keepsake.stop()
 */
export async function startKeepsake(options: StartOptions = {}): Promise<Keepsake> {
  const wanted = await wantedBy(options)
  const host = sharedHost()
  const { server, started } = await host.start(wanted)
  const stop = () => host.stop(server)
  const url = `http://127.0.0.1:${started.port}`
  const controlUrl = `http://127.0.0.1:${started.controlPort}`
  return {
    ...serverUrls(url, controlUrl),
    port: started.port,
    user: started.user,
    control: controlOf(controlUrl),
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
