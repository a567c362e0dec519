import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { packageRoot } from '../../../src/packageRoot'

/** What a server that was started with `--attached` tells. */
export interface Told {
  readonly url: string
  readonly user: { readonly username: string; readonly apiKey: string }
}

/** Runs a server, lets it be used, stops it, and answers the names of all calls of the kernel that it has made. */
export async function systemCallsOf(
  args: readonly string[],
  trace: string,
  use: (told: Told) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const command = [process.execPath, 'dist/src/main.js', 'start', '--attached', ...args]
  const child = spawn('strace', ['-f', '-qq', '-e', 'signal=none', '-o', trace, ...command], {
    cwd: packageRoot,
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    await use(JSON.parse(line.toString()))
  } finally {
    child.stdin.end()
    await ended
  }
  const called = readFileSync(trace, 'utf8').matchAll(/^\d+ +(\w+)\(/gm)
  return new Set([...called].map(([, name = '']) => name))
}

/** The names of the calls in a set of systemd's, such as `@system-service`, and in the sets that it has. */
export function systemCallsIn(set: string): ReadonlySet<string> {
  const listed = execFileSync('systemd-analyze', ['syscall-filter', set], { encoding: 'utf8' })
  const names = listed
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => /^@?\w/.test(line))
  return new Set(names.flatMap((name) => (name.startsWith('@') ? [...systemCallsIn(name)] : [name])))
}
