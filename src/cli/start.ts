import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { serveClusterCopies } from '../server/clusterCopies'
import { isDouble } from '../server/double'
import { serve } from '../server/serve'
import type { Storage } from '../server/storage'
import { serverUrls } from '../serverUrls'
import type { Settings } from '../settings/settings'
import { foreignSecretsWarning } from '../store/access/foreignSecrets'
import { prepareFirstRun } from '../store/shop/firstRun'
import { firstUserOf, parseSeed } from '../store/shop/seed'
import { attachedAs, firstUserHint, servingLines } from './banner'
import { createLogger } from './logger'
import { OVERWRITE_HINT, type PlantFlags, plant, toldDifference } from './planting'
import { openProcessStorage } from './processStorage'
import { print, printJson } from './terminal'
import { warnOfUnknownSettings } from './warnOfUnknownSettings'

export interface StartFlags extends PlantFlags {
  readonly seed?: string
  /**
   * Whether a program has started this one. That program reads the address from standard output, and ends
   * this one by closing its standard input.
   */
  readonly attached?: boolean
}

/** Serves until the process receives a signal to stop. */
export async function start(settings: Settings, flags: StartFlags): Promise<void> {
  try {
    await serveUntilStopped(settings, flags)
  } finally {
    // An open standard input would keep the process alive when its start has failed.
    if (flags.attached) process.stdin.destroy()
  }
}

async function serveUntilStopped(
  settings: Settings,
  { seed: seedFile, attached = false, ...flags }: StartFlags,
): Promise<void> {
  const log = createLogger(settings)
  warnOfUnknownSettings(log)
  const stopRequest = Promise.race([untilSignal(), ...(attached ? [untilInputEnds()] : [])])
  const storage = await openProcessStorage(settings, log)
  try {
    // A reset of a test double goes back to its seed, and so does its start.
    const planting = { overwriteWithSeed: isDouble(settings), ...flags }
    const seeded = seedFile === undefined ? null : await plantFile(seedFile, storage, planting, log)
    const warning = await foreignSecretsWarning(storage.database, storage.secretBox)
    if (warning !== null) log.error(warning)
    const server = await serve(storage, settings, log)
    const copies = await serveClusterCopies(settings, storage.database, log)
    try {
      // Create the user only when the server has its port, because a start that fails would lose the key,
      // which is shown only once.
      const firstUser = seeded ? null : await prepareFirstRun(storage.database)
      if (firstUser) await server.setResetPoint?.()
      const url = settings.baseUrl ?? `http://${urlHost(settings.host)}:${server.port}`
      const controlUrl =
        settings.controlPort === null ? url : `http://${urlHost(settings.controlHost)}:${server.controlPort}`
      const user = seeded ? seeded.user : firstUser
      if (attached) printJson(attachedAs(serverUrls(url, controlUrl), user))
      else print(...servingLines(serverUrls(url)), ...(firstUser ? firstUserHint(url, firstUser) : []))
      const signal = await stopRequest
      server.announceStop()
      if (settings.drain > 0) await drain(settings.drain, log)
      log.info({ signal }, 'stopping')
    } finally {
      await copies.close()
      await server.stop()
    }
  } finally {
    await storage.close()
  }
}

/** Puts the seed file into the database, and answers the first user who can log in as it says. */
async function plantFile(
  seedFile: string,
  storage: Storage,
  flags: PlantFlags,
  log: Logger,
): Promise<{ readonly user: ReturnType<typeof firstUserOf> }> {
  const seed = parseSeed(await readFile(seedFile, 'utf8'))
  const differences = await plant(storage, seed, flags)
  if (differences.length > 0) log.warn({ differences: differences.map(toldDifference) }, OVERWRITE_HINT)
  return { user: firstUserOf(seed, differences) }
}

/** Serves on for so many seconds, or until a second signal, for balancers to learn that this server stops. */
async function drain(seconds: number, log: Logger): Promise<void> {
  log.info({ seconds }, 'draining: /readyz fails, and all else is answered; a second signal stops at once')
  const over = new AbortController()
  await Promise.race([pause(seconds * 1000, undefined, { signal: over.signal }), untilSignal()])
  over.abort()
}

function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

function untilInputEnds(): Promise<'end of input'> {
  return new Promise((resolve) => {
    process.stdin.once('close', () => resolve('end of input'))
    process.stdin.resume()
  })
}

/** Writes an address as in a URL. An address that stands for all addresses is written as localhost. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
