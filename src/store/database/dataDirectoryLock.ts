import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import lockfile from 'proper-lockfile'
import { PlainError } from '../../contract/plainError'

/** Another process works in the data directory. */
export class DataDirectoryInUse extends PlainError {
  override readonly name = 'DataDirectoryInUse'

  constructor(directory: string, owner: Owner | null) {
    const who = owner ? ` by process ${owner.pid} on ${owner.host}` : ''
    super(`the data directory ${directory} is in use${who}: stop that process, or choose another --data-dir`)
  }
}

interface Owner {
  readonly pid: number
  readonly host: string
}

/** A lock that its owner has not renewed for this long is dead; how a restart after a crash in another container gets in. */
const STALE_AFTER_MS = 10_000

/**
 * Takes the data directory for this process. A lock whose owner is gone is taken over at once.
 *
 * @param onLost called when the lock could not be renewed, so that another process may have taken it
 * @returns what releases it
 * @throws DataDirectoryInUse
 */
export async function lockDataDirectory(
  directory: string,
  onLost: (error: Error) => void,
): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const ownerFile = path.join(directory, 'server.json')
  // Processes that start together look and take one after the other, so that no lock is taken over twice.
  const leaveQueue = await take(
    directory,
    'queue',
    { retries: { retries: 30, minTimeout: 20, maxTimeout: 200 } },
    null,
  )
  try {
    const owner = await readOwner(ownerFile)
    if (owner && isGone(owner))
      await rm(path.join(directory, 'server.lock'), { recursive: true, force: true })
    const release = await take(directory, 'server', { onCompromised: onLost }, owner)
    await writeFile(ownerFile, JSON.stringify({ pid: process.pid, host: os.hostname() }))
    return release
  } finally {
    await leaveQueue()
  }
}

async function take(
  directory: string,
  name: string,
  options: lockfile.LockOptions,
  owner: Owner | null,
): Promise<() => Promise<void>> {
  try {
    return await lockfile.lock(path.join(directory, name), {
      realpath: false,
      stale: STALE_AFTER_MS,
      ...options,
    })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ELOCKED') throw new DataDirectoryInUse(directory, owner)
    throw thrown
  }
}

async function readOwner(file: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return null
  }
}

function isGone({ pid, host }: Owner): boolean {
  if (host !== os.hostname()) return false
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
