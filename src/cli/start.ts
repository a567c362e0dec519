import { readFile } from 'node:fs/promises'
import { serve } from '../app'
import type { Settings } from '../settings'
import type { Storage } from '../storage'
import { prepareFirstRun } from '../store/firstRun'
import { foreignSecretsWarning } from '../store/foreignSecrets'
import { applySeed, parseSeed } from '../store/seed'
import { firstUserHint, servingLine } from './banner'
import { createLogger } from './logger'
import { openProcessStorage } from './processStorage'

/** Serves until the process is told to stop. */
export async function start(settings: Settings, seedFile: string | null): Promise<void> {
  const log = createLogger(settings)
  const stopRequest = untilSignal()
  const storage = await openProcessStorage(settings, log)
  try {
    if (seedFile !== null) await plant(seedFile, storage)
    const warning = await foreignSecretsWarning(storage.database, storage.secretBox)
    if (warning !== null) log.error(warning)
    const server = await serve(storage, settings, log)
    try {
      // After the server has its port, for a key that is told once must not be lost to a start that fails.
      const firstUser = seedFile === null ? await prepareFirstRun(storage.database) : null
      if (firstUser) await server.setResetPoint()
      const url = settings.baseUrl ?? `http://${urlHost(settings.host)}:${server.port}`
      process.stdout.write(servingLine(url) + (firstUser ? firstUserHint(url, firstUser) : ''))
      log.info({ signal: await stopRequest }, 'stopping')
    } finally {
      await server.stop()
    }
  } finally {
    await storage.close()
  }
}

async function plant(seedFile: string, { database, secretBox }: Storage): Promise<void> {
  await applySeed(database, parseSeed(await readFile(seedFile, 'utf8')), secretBox)
}

function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

/** An address as a URL writes it; one that stands for all addresses is reached as localhost. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
