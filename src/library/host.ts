import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pino from 'pino'
import { packageRoot } from '../packageRoot'
import { serve } from '../server/serve'
import { openStorage, type Storage } from '../server/storage'
import { readSettings, SETTINGS, SettingsError } from '../settings/settings'
import { applySeed, firstUserOf, parseSeed } from '../store/shop/seed'
import { printableJson } from '../text/printable'
import type { HostAnswer, HostRequest, StartedServer, WantedServer } from './hostMessages'

/** The seed of a server that is started without one. */
const EXAMPLE_SHOP = path.join(packageRoot, 'examples', 'shop.json')

interface Running {
  readonly started: StartedServer
  stop(): Promise<void>
}

const servers = new Map<number, Promise<Running>>()
const output = pino.destination({ fd: 2, sync: true })
const log = pino({ level: 'trace' }, { write: (line: string) => output.write(printableJson(line)) })

/** Starts and stops servers on request of the parent process, and exits when the parent process does. */
function main(): void {
  process.on('message', (request: HostRequest) => {
    answerTo(request).then(send, (thrown: unknown) =>
      send({ kind: 'failed', server: request.server, message: messageOf(thrown) }),
    )
  })
  process.once('disconnect', () => {
    void Promise.allSettled([...servers.keys()].map(stop)).then(() => process.exit())
  })
  // A terminal sends Ctrl-C to this process as well. Ignore it: the parent may still need the servers to clean up.
  process.on('SIGINT', () => {})
}

async function answerTo({ server, ...request }: HostRequest): Promise<HostAnswer> {
  if (request.kind === 'stop') {
    await stop(server)
    return { kind: 'stopped', server }
  }
  const running = start(request.wanted)
  servers.set(server, running)
  try {
    return { kind: 'ready', server, started: (await running).started }
  } catch (thrown) {
    servers.delete(server)
    throw thrown
  }
}

async function start({ seed: json, flags, settings: environment }: WantedServer): Promise<Running> {
  refuseUnknown(environment)
  const settings = readSettings(flags, environment)
  const seed = parseSeed(json ?? (await readFile(EXAMPLE_SHOP, 'utf8')))
  const ownLog = log.child({}, { level: settings.logLevel })
  const storage = await openStorage(settings, ownLog, () => {})
  try {
    await applySeed(storage.database, seed, storage.secretBox)
    const server = await serve(storage, settings, ownLog)
    return {
      started: { port: server.port, controlPort: server.controlPort, user: firstUserOf(seed) },
      stop: () => stopBoth(server, storage),
    }
  } catch (thrown) {
    await storage.close()
    throw thrown
  }
}

async function stopBoth(server: { stop(): Promise<void> }, storage: Storage): Promise<void> {
  try {
    await server.stop()
  } finally {
    await storage.close()
  }
}

async function stop(server: number): Promise<void> {
  const running = servers.get(server)
  servers.delete(server)
  await (await running)?.stop()
}

/** Refuses a setting that does not exist, so that a typing error is noticed. @throws SettingsError */
function refuseUnknown(environment: WantedServer['settings']): void {
  const known = new Set<string>(Object.values(SETTINGS).map((setting) => setting.environment))
  for (const name of Object.keys(environment)) {
    if (!known.has(name)) throw new SettingsError(`${name}: there is no such setting`)
  }
}

function send(answer: HostAnswer): void {
  if (process.connected) process.send?.(answer)
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

main()
