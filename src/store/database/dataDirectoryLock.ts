import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlainError } from '../../contract/plainError'
import { DataDirectoryUnusable } from './dataDirectoryUnusable'
import {
  isSameMark,
  type LockMark,
  newMark,
  placeMark,
  readMark,
  removeMark,
  renewed,
  replaceMark,
  sweepPreparedMarks,
} from './lockMark'
import { showLife, showsLife } from './signOfLife'

/** Another process uses the data directory. */
export class DataDirectoryInUse extends PlainError {
  override readonly name = 'DataDirectoryInUse'

  constructor(directory: string, owner: Owner | null) {
    const who = owner ? ` by process ${owner.pid} on ${owner.host}` : ''
    super(`the data directory ${directory} is in use${who}: stop that process, or choose another --data-dir`)
  }
}

/** Another process has taken the data directory, because this process did not renew its lock in time. */
export class DataDirectoryLost extends Error {
  override readonly name = 'DataDirectoryLost'
}

/** The lock that this process holds on a data directory. */
export interface DataDirectoryLock {
  /**
   * Waits until it is certain that no other process has had the directory before this call. It costs nothing
   * after a recent renewal; otherwise it renews the lock first.
   *
   * @throws DataDirectoryLost
   */
  confirm(): Promise<void>
  release(): Promise<void>
}

export interface LockEvents {
  /**
   * Called when the owner of the lock shows no sign of life. The lock is watched for five seconds before it
   * is taken.
   */
  onWait(message: string): void
  /** Called when another process has taken the directory. */
  onLost(error: DataDirectoryLost): void
}

interface Owner {
  readonly pid: number
  readonly host: string
}

/** A watched lock that is not renewed for this long is dead (decision 023). */
const STALE_AFTER_MS = 5000
/**
 * How long a renewal proves that no process has taken the lock. It is shorter than the time above, because
 * clocks run at different speeds.
 */
const CERTAIN_FOR_MS = 4000
const RENEWED_EVERY_MS = 1000
const LOOKED_AT_EVERY_MS = 200

/**
 * Takes the data directory for this process. The lock of another process is taken only after it has not been
 * renewed for five seconds, whatever else is known of its owner.
 *
 * @throws DataDirectoryInUse, DataDirectoryUnusable
 */
export async function lockDataDirectory(directory: string, events: LockEvents): Promise<DataDirectoryLock> {
  try {
    await makeDirectory(directory)
    const held = await lockIn(directory, 'server.lock', events)
    if (!held) throw new DataDirectoryInUse(directory, await readOwner(directory))
    // Ignore a failure: without this file, the error of a second process only does not name this process.
    await writeFile(ownerFile(directory), JSON.stringify({ pid: process.pid, host: os.hostname() })).catch(
      () => undefined,
    )
    return held
  } catch (thrown) {
    if (thrown instanceof DataDirectoryInUse) throw thrown
    throw new DataDirectoryUnusable(`the data directory ${directory} cannot be used`, thrown)
  }
}

/**
 * Takes a lock of this name in any directory, by the same rule.
 *
 * @returns null while another process holds it
 */
export async function lockIn(
  directory: string,
  name: string,
  events: LockEvents,
): Promise<DataDirectoryLock | null> {
  const lock = path.join(directory, name)
  const since = instant()
  const mark = await takeLock(directory, lock, events)
  if (!mark) return null
  const held = new HeldLock(lock, mark, since, events.onLost)
  await held.show()
  return held
}

/**
 * Creates a directory with its parents. Node's recursive mkdir reports a wrong error, that the path does not
 * exist, for a read-only parent.
 */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 })
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(directory)).isDirectory()) return
    const parent = path.dirname(directory)
    if (code !== 'ENOENT' || parent === directory) throw thrown
    await makeDirectory(parent)
    await mkdir(directory, { mode: 0o700 })
  }
}

async function takeLock(directory: string, lock: string, { onWait }: LockEvents): Promise<LockMark | null> {
  const mark = newMark()
  for (;;) {
    const other = await readMark(lock)
    if (other === null) {
      if (await placeMark(lock, mark)) return mark
    } else if (await isDead(lock, other, () => onWait(waitingLine(directory)))) {
      if (await replaceMark(lock, other, mark)) return mark
    } else if ((await readMark(lock)) !== null) {
      return null
    }
  }
}

/**
 * Watches the lock of another process until that process shows a sign of life, or until the lock is stale.
 */
async function isDead(lock: string, other: LockMark, onWait: () => void): Promise<boolean> {
  const socket = socketOf(lock, other)
  if (await showsLife(socket)) return false
  onWait()
  const began = performance.now()
  while (performance.now() - began < STALE_AFTER_MS) {
    await sleep(LOOKED_AT_EVERY_MS)
    const now = await readMark(lock)
    if (now === null || !isSameMark(now, other) || (await showsLife(socket))) return false
  }
  return true
}

class HeldLock implements DataDirectoryLock {
  readonly #timer: NodeJS.Timeout
  readonly #onExit = () => removeMark(this.lock, this.mark)
  #renewal: Promise<void> | null = null
  #lost: DataDirectoryLost | null = null
  #hide = async () => {}

  constructor(
    private readonly lock: string,
    private mark: LockMark,
    private certainSince: Instant,
    private readonly onLost: (error: DataDirectoryLost) => void,
  ) {
    // Ignore a failed renewal here: the next call of `confirm` that needs it reports the failure.
    this.#timer = setInterval(() => void this.#renew().catch(() => undefined), RENEWED_EVERY_MS).unref()
    process.once('exit', this.#onExit)
  }

  /** Shows other processes that this one lives. */
  async show(): Promise<void> {
    // Leftovers that cannot be removed do no harm.
    await sweepPreparedMarks(this.lock).catch(() => undefined)
    this.#hide = await showLife(socketOf(this.lock, this.mark))
  }

  async confirm(): Promise<void> {
    while (this.#lost !== null || since(this.certainSince) >= CERTAIN_FOR_MS) await this.#renew()
  }

  async release(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewal?.catch(() => undefined)
    await this.#hide()
    removeMark(this.lock, this.mark)
    process.removeListener('exit', this.#onExit)
  }

  #renew(): Promise<void> {
    this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async #renewOnce(): Promise<void> {
    if (this.#lost !== null) throw this.#lost
    const began = instant()
    const next = renewed(this.mark)
    if (await replaceMark(this.lock, this.mark, next)) {
      this.mark = next
      this.certainSince = began
      return
    }
    clearInterval(this.#timer)
    this.#lost = new DataDirectoryLost(
      `${path.dirname(this.lock)} was taken by another process, for this one had not renewed its lock in time`,
    )
    this.onLost(this.#lost)
    throw this.#lost
  }
}

/**
 * A moment by two clocks: the monotonic clock is never set; the wall clock goes on while the machine sleeps.
 */
interface Instant {
  readonly monotonic: number
  readonly wall: number
}

function instant(): Instant {
  return { monotonic: performance.now(), wall: Date.now() }
}

/** Returns the milliseconds that have passed, by the clock that shows more. */
function since({ monotonic, wall }: Instant): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall)
}

function socketOf(lock: string, { owner }: LockMark): string {
  return `${lock}.${owner}.sock`
}

/** Returns the file that names the owner of a data directory. */
function ownerFile(directory: string): string {
  return path.join(directory, 'server.json')
}

async function readOwner(directory: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(ownerFile(directory), 'utf8'))
  } catch {
    return null
  }
}

function waitingLine(directory: string): string {
  const seconds = STALE_AFTER_MS / 1000
  return `the directory ${directory} is locked by a process that may have ended: it is watched for ${seconds} s, then taken`
}
