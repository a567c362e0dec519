import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** What a suite needs of the machine that it breaks things on. */
interface Need {
  readonly title: string
  readonly isMet: () => boolean
}

const POSTGRESQL_ROOT = '/usr/lib/postgresql'

/** Where the newest PostgreSQL of Debian's packages has its programs; null without one. */
export function postgresPrograms(): string | null {
  if (!existsSync(POSTGRESQL_ROOT)) return null
  const [newest] = readdirSync(POSTGRESQL_ROOT).sort((a, b) => Number(b) - Number(a))
  const programs = newest === undefined ? null : path.join(POSTGRESQL_ROOT, newest, 'bin')
  return programs !== null && existsSync(path.join(programs, 'initdb')) ? programs : null
}

export const A_POSTGRESQL_OF_ITS_OWN: Need = {
  title: 'the programs of a PostgreSQL',
  isMet: () => postgresPrograms() !== null,
}

export const A_PGBOUNCER: Need = {
  title: 'a PgBouncer, and the programs of a PostgreSQL',
  isMet: () => postgresPrograms() !== null && spawnSync('pgbouncer', ['--version']).status === 0,
}

export const A_DISK_OF_ITS_OWN: Need = {
  title: 'to be root, who may mount',
  isMet: () =>
    process.getuid?.() === 0 &&
    spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
}

/** Runs a program as a container does: it is process 1 of its own, and sees no other. It ends with the one that runs it. */
export const CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']

export const CONTAINERS: Need = {
  title: 'to be root on Linux, who may make PID namespaces',
  isMet: () =>
    process.getuid?.() === 0 && spawnSync(CONTAINER[0] ?? '', [...CONTAINER.slice(1), 'true']).status === 0,
}

/** A suite with a need. Where that is not met, it is one test that says so, and fails where everything must run. */
export function describeWith(need: Need, title: string, suite: () => void): void {
  describe(title, () => {
    if (need.isMet()) return suite()
    test(`not run: it needs ${need.title}`, () => {
      expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
    })
  })
}
