import { randomBytes } from 'node:crypto'
import { rmdirSync, unlinkSync } from 'node:fs'
import { access, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * The owner of a lock, and how many times the owner has renewed it. A lock is a directory with one file,
 * which has this name. Each change renames the file from the name that the process knows, so it fails when
 * another process was first.
 */
export interface LockMark {
  /** An id that no other process has or has had. */
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

/** Returns the mark of a lock; null when it is free. */
export async function readMark(lock: string): Promise<LockMark | null> {
  const names = await readdir(lock).catch(ifCode('ENOENT', []))
  const [, owner, count] = names.map((name) => NAME.exec(name)).find((found) => found !== null) ?? []
  return owner === undefined ? null : { owner, count: Number(count) }
}

/** Takes a free lock. @returns false when it is not free (any more) */
export async function placeMark(lock: string, mark: LockMark): Promise<boolean> {
  const prepared = `${lock}.${mark.owner}`
  await mkdir(prepared, { mode: 0o700 })
  try {
    await writeFile(path.join(prepared, nameOf(mark)), '')
    // A rename replaces only an empty directory, and on Windows none at all.
    await rmdir(lock).catch(ifCode(['ENOENT', 'ENOTEMPTY', 'EEXIST'], undefined))
    await rename(prepared, lock)
    return true
  } catch (thrown) {
    // The process that has the lock removes what others have prepared.
    const isLate = codeOf(thrown) === 'ENOENT' || (await readMark(lock)) !== null
    if (isLate) return false
    throw thrown
  } finally {
    await rm(prepared, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Replaces one mark by another. @returns false when the lock no longer has the known mark */
export async function replaceMark(lock: string, known: LockMark, next: LockMark): Promise<boolean> {
  try {
    await rename(path.join(lock, nameOf(known)), path.join(lock, nameOf(next)))
    return true
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown
    // A file server may receive the request twice when its first answer was lost. The second time, the old
    // name is gone and the new one exists.
    return access(path.join(lock, nameOf(next))).then(
      () => true,
      () => false,
    )
  }
}

/** Releases a lock if it still has this mark. It is synchronous, because it may run when the process ends. */
export function removeMark(lock: string, mark: LockMark): void {
  try {
    unlinkSync(path.join(lock, nameOf(mark)))
    rmdirSync(lock)
  } catch {
    // Another process has the lock, or is taking it now.
  }
}

/** Removes what killed processes have left beside the lock while they took it. */
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
