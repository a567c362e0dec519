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

/** Another process works in the data directory. */
export class DataDirectoryInUse extends PlainError {
  override readonly name = 'DataDirectoryInUse'

  constructor(directory: string, owner: Owner | null) {
    const who = owner ? ` by process ${owner.pid} on ${owner.host}` : ''
    super(`the data directory ${directory} is in use${who}: stop that process, or choose another --data-dir`)
  }
}

/** Another process has taken the data directory from this one, which had not renewed its lock in time. */
export class DataDirectoryLost extends Error {
  override readonly name = 'DataDirectoryLost'
}

/** The lock on a data directory, for as long as this process has it. */
export interface DataDirectoryLock {
  /**
   * Answers once it is certain that no other process has had the directory until this call. It costs nothing while the
   * lock was renewed lately; else it is renewed first.
   *
   * @throws DataDirectoryLost
   */
  confirm(): Promise<void>
  release(): Promise<void>
}

export interface LockEvents {
  /** The lock is another's, who shows no life: for so many milliseconds it is watched, then taken. */
  onWait(message: string): void
  /** Another process has the directory. */
  onLost(error: DataDirectoryLost): void
}

interface Owner {
  readonly pid: number
  readonly host: string
}

/** A lock that is not renewed for this long, while another process watches it, is dead (decision 023). */
const STALE_AFTER_MS = 5000
/** For how long a renewal is proof that nobody has taken the lock. The rest is for clocks that go at different speeds. */
const CERTAIN_FOR_MS = 4000
const RENEWED_EVERY_MS = 1000
const LOOKED_AT_EVERY_MS = 200

/**
 * Takes the data directory for this process. A lock of another is taken only after it has not been renewed for five
 * seconds, whatever else is known of its owner.
 *
 * @throws DataDirectoryInUse, DataDirectoryUnusable
 */
export async function lockDataDirectory(directory: string, events: LockEvents): Promise<DataDirectoryLock> {
  try {
    await makeDirectory(directory)
    const held = await lockIn(directory, 'server.lock', events)
    if (!held) throw new DataDirectoryInUse(directory, await readOwner(directory))
    // Where it cannot be written, the message of a process that is refused does not name this one; that is all.
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
 * @returns null while another process has it
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

/** Node's own way of making all of a path says of one that is read-only that it does not exist. */
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

/** Watches the lock of another until that shows life, or until the lock is stale. */
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
    // What keeps a renewal from being done is told by the next call that cannot be answered for it.
    this.#timer = setInterval(() => void this.#renew().catch(() => undefined), RENEWED_EVERY_MS).unref()
    process.once('exit', this.#onExit)
  }

  /** Tells others that this process lives. */
  async show(): Promise<void> {
    // What cannot be removed is in nobody's way.
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

/** A moment by two clocks: one is never set, the other goes on while the machine sleeps. */
interface Instant {
  readonly monotonic: number
  readonly wall: number
}

function instant(): Instant {
  return { monotonic: performance.now(), wall: Date.now() }
}

/** The milliseconds that have passed, by the clock that has gone further. */
function since({ monotonic, wall }: Instant): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall)
}

function socketOf(lock: string, { owner }: LockMark): string {
  return `${lock}.${owner}.sock`
}

/** Says who has a data directory. */
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
