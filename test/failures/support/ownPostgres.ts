import { execFile } from 'node:child_process'
import { chown, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../support/freePort'
import { temporaryDirectory } from '../../support/server'
import { postgresPrograms } from './needs'

/** A password that must be in no answer and no log. */
export const PASSWORD = 'secret-of-the-database'

/** A PostgreSQL that a test may stop and start. */
export interface OwnPostgres {
  /** With a password in it, which the server does not ask for. */
  readonly url: string
  readonly port: number
  start(): Promise<void>
  /** Ends it as a power failure would: connections break, and the next start recovers. */
  stopAtOnce(): Promise<void>
  /** Stops it for good. */
  remove(): Promise<void>
}

/** Makes a cluster and starts it. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const { directory, remove } = await temporaryDirectory()
  const data = path.join(directory, 'cluster')
  const port = await freePort()
  if (isRoot()) await chown(directory, await idOf('postgres', 2), await idOf('postgres', 3))
  await asPostgres('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--no-instructions'])
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${directory}`
  const log = path.join(directory, 'log')
  const control = (...args: readonly string[]) => asPostgres('pg_ctl', ['-D', data, '-w', ...args])
  const postgres: OwnPostgres = {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    port,
    start: () => control('-l', log, '-o', options, 'start'),
    stopAtOnce: () => control('-m', 'immediate', 'stop'),
    async remove() {
      // One that the test has stopped cannot be stopped again.
      await postgres.stopAtOnce().catch(() => undefined)
      await remove()
    },
  }
  await postgres.start()
  return postgres
}

/** PostgreSQL refuses to be root. */
async function asPostgres(program: string, args: readonly string[]): Promise<void> {
  const command = path.join(postgresPrograms() ?? '', program)
  const [file, all] = isRoot()
    ? ['runuser', ['-u', 'postgres', '--', command, ...args]]
    : [command, [...args]]
  await promisify(execFile)(file, all, { cwd: '/' })
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function idOf(user: string, column: number): Promise<number> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n')
  return Number(lines.find((line) => line.startsWith(`${user}:`))?.split(':')[column])
}
