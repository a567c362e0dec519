import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
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
  /** Whether the program that started this one reads what it serves from it, and ends it with its standard input. */
  readonly attached?: boolean
}

/** Serves until the process is told to stop. */
export async function start(settings: Settings, flags: StartFlags): Promise<void> {
  try {
    await serveUntilStopped(settings, flags)
  } finally {
    // Else it would keep the process of a start that failed.
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
    try {
      // After the server has its port, for a key that is told once must not be lost to a start that fails.
      const firstUser = seeded ? null : await prepareFirstRun(storage.database)
      if (firstUser) await server.setResetPoint?.()
      const url = settings.baseUrl ?? `http://${urlHost(settings.host)}:${server.port}`
      process.stdout.write(
        attached
          ? attachedLine(url, seeded ? firstUserOf(seeded) : firstUser)
          : servingLine(url) + (firstUser ? firstUserHint(url, firstUser) : ''),
      )
      const signal = await stopRequest
      server.announceStop()
      if (settings.drain > 0) await drain(settings.drain, log)
      log.info({ signal }, 'stopping')
    } finally {
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

/** An address as a URL writes it; one that stands for all addresses is reached as localhost. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
