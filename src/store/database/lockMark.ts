import { randomBytes } from 'node:crypto'
import { rmdirSync, unlinkSync } from 'node:fs'
import { access, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * Who has a lock, and for the how manyth time he has said so. A lock is a directory with one file, of this name. Each
 * change of the lock renames that file from the name that its author knows, so it fails when somebody else was first.
 */
export interface LockMark {
  /** No other process has it, nor has had it. */
  readonly owner: string
  readonly count: number
}

const NAME = /^([0-9a-f]{16})\.(\d+)$/

export function newMark(): LockMark {
  return { owner: randomBytes(8).toString('hex'), count: 0 }
}

export function renewed({ owner, count }: LockMark): LockMark {
  return { owner, count: count + 1 }
}

export function isSameMark(one: LockMark, other: LockMark): boolean {
  return nameOf(one) === nameOf(other)
}

/** The mark of a lock; null when it is free. */
export async function readMark(lock: string): Promise<LockMark | null> {
  const names = await readdir(lock).catch(ifCode('ENOENT', []))
  const [, owner, count] = names.map((name) => NAME.exec(name)).find((found) => found !== null) ?? []
  return owner === undefined ? null : { owner, count: Number(count) }
}

/** Takes a lock that is free. @returns false when it is not, or no longer */
export async function placeMark(lock: string, mark: LockMark): Promise<boolean> {
  const prepared = `${lock}.${mark.owner}`
  await mkdir(prepared, { mode: 0o700 })
  try {
    await writeFile(path.join(prepared, nameOf(mark)), '')
    // A rename replaces a directory that is empty, and no other; on Windows not even that one.
    await rmdir(lock).catch(ifCode(['ENOENT', 'ENOTEMPTY', 'EEXIST'], undefined))
    await rename(prepared, lock)
    return true
  } catch (thrown) {
    // Who has the lock sweeps away what others have prepared.
    const isLate = codeOf(thrown) === 'ENOENT' || (await readMark(lock)) !== null
    if (isLate) return false
    throw thrown
  } finally {
    await rm(prepared, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Puts one mark for another. @returns false when the lock has another mark than was thought */
export async function replaceMark(lock: string, known: LockMark, next: LockMark): Promise<boolean> {
  try {
    await rename(path.join(lock, nameOf(known)), path.join(lock, nameOf(next)))
    return true
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown
    // A file server that was asked twice, since its first answer was lost, finds the work done and the old name gone.
    return access(path.join(lock, nameOf(next))).then(
      () => true,
      () => false,
    )
  }
}

/** Gives a lock back, if it still has this mark; synchronously, for the last moment of a process. */
export function removeMark(lock: string, mark: LockMark): void {
  try {
    unlinkSync(path.join(lock, nameOf(mark)))
    rmdirSync(lock)
  } catch {
    // Another process has the lock, or takes it just now.
  }
}

/** Removes what processes that were killed while they took the lock have left beside it. */
export async function sweepPreparedMarks(lock: string): Promise<void> {
  const directory = path.dirname(lock)
  const prefix = `${path.basename(lock)}.`
  for (const name of await readdir(directory)) {
    if (name.startsWith(prefix)) await rm(path.join(directory, name), { recursive: true, force: true })
  }
}

function nameOf({ owner, count }: LockMark): string {
  return `${owner}.${count}`
}

function ifCode<T>(codes: string | readonly string[], value: T): (thrown: unknown) => T {
  return (thrown) => {
    if ([codes].flat().includes(codeOf(thrown))) return value
    throw thrown
  }
}

function codeOf(thrown: unknown): string {
  return String((thrown as NodeJS.ErrnoException).code)
}
