import { execFile } from 'node:child_process'
import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

/** A disk of its own, in memory. */
export interface SmallDisk {
  /** Takes all of the space but so many bytes. */
  fillBut(bytes: number): Promise<void>
  /** Gives the space back. */
  clear(): Promise<void>
  mayWrite(mayWrite: boolean): Promise<void>
  /** Every file that is on it, but what takes the space. */
  files(): Promise<readonly string[]>
  unmount(): Promise<void>
}

const BALLAST = 'ballast'
const PAGE = 4096

/** Mounts a disk of a few megabytes at a directory, which is made. */
export async function smallDisk(directory: string, megabytes = 2): Promise<SmallDisk> {
  await mkdir(directory, { recursive: true })
  await run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory)
  const ballast = path.join(directory, BALLAST)
  return {
    async fillBut(bytes) {
      const { bavail, bsize } = await statfs(directory)
      const file = await open(ballast, 'w')
      try {
        await file.write(Buffer.alloc(Math.floor((bavail * bsize - bytes) / PAGE) * PAGE))
      } finally {
        await file.close()
      }
    },
    clear: () => rm(ballast, { force: true }),
    mayWrite: (mayWrite) => run('mount', '-o', `remount,${mayWrite ? 'rw' : 'ro'}`, directory),
    async files() {
      const found = await readdir(directory, { recursive: true, withFileTypes: true })
      const names = found.filter((entry) => entry.isFile()).map((entry) => entry.name)
      return names.filter((name) => name !== BALLAST).sort()
    },
    unmount: () => run('umount', directory),
  }
}

async function run(command: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(command, args)
}
