import { readFile } from 'node:fs/promises'
import { serveClusterCopies } from '../server/clusterCopies'
import { serve } from '../server/serve'
import type { Storage } from '../server/storage'
import type { Settings } from '../settings/settings'
import { foreignSecretsWarning } from '../store/access/foreignSecrets'
import { prepareFirstRun } from '../store/shop/firstRun'
import { applySeed, firstUserOf, parseSeed, type Seed } from '../store/shop/seed'
import { attachedLine, firstUserHint, servingLine } from './banner'
import { createLogger } from './logger'
import { openProcessStorage } from './processStorage'

export interface StartFlags {
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
  { seed: seedFile, attached = false }: StartFlags,
): Promise<void> {
  const log = createLogger(settings)
  const stopRequest = Promise.race([untilSignal(), ...(attached ? [untilInputEnds()] : [])])
  const storage = await openProcessStorage(settings, log)
  try {
    const seeded = seedFile === undefined ? null : await plant(seedFile, storage)
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
      process.stdout.write(
        attached
          ? attachedLine(url, seeded ? firstUserOf(seeded) : firstUser)
          : servingLine(url) + (firstUser ? firstUserHint(url, firstUser) : ''),
      )
      log.info({ signal: await stopRequest }, 'stopping')
    } finally {
      await copies.close()
      await server.stop()
    }
  } finally {
    await storage.close()
  }
}

async function plant(seedFile: string, { database, secretBox }: Storage): Promise<Seed> {
  const seed = parseSeed(await readFile(seedFile, 'utf8'))
  await applySeed(database, seed, secretBox)
  return seed
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
