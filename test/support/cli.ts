import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from '../../src/packageRoot'

export const MAIN = path.join(packageRoot, 'dist', 'src', 'main.js')

export interface Finished {
  /** Null for a process that a signal has ended. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Serving {
  readonly url: string
  readonly pid: number
  /** What it has written to standard output so far. */
  readonly stdout: () => string
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Finished>
}

export type Environment = Readonly<Record<string, string>>

/** Runs a command of the built command line to its end, where `within` is given as an argument of that program. */
export async function keepsake(
  args: readonly string[],
  environment: Environment = {},
  within: readonly string[] = [],
): Promise<Finished> {
  return finished(launch(args, environment, within))
}

/** Runs a command whose reader goes away after the first bytes, as `head` does. */
export async function keepsakeHalfRead(args: readonly string[], environment: Environment): Promise<Finished> {
  const launched = launch(args, environment)
  launched.child.stdout?.once('data', () => launched.child.stdout?.destroy())
  return finished(launched)
}

/**
 * Starts a server on a free port, and answers once it serves; throws what it said when it ends before.
 *
 * @param node the program that runs it, this one unless given
 */
export async function serving(
  environment: Environment,
  args: readonly string[] = ['--port', '0'],
  within: readonly string[] = [],
  node = process.execPath,
): Promise<Serving> {
  const launched = launch(['start', ...args], environment, within, node)
  const end = finished(launched)
  const { child, stdout } = launched
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const found = /(http\S+)\/api\/soap\/\?wsdl\n/.exec(stdout())?.[1]
      if (found) resolve(found)
    })
    void end.then(({ stderr }) => reject(new Error(`ended before it served: ${stderr}`)))
  })
  return {
    url,
    pid: child.pid ?? 0,
    stdout,
    stop(signal) {
      child.kill(signal)
      return end
    },
  }
}

/** Starts a server and kills it, whatever it does, once that moment has come. */
export async function killedStart(
  environment: Environment,
  args: readonly string[],
  moment: () => Promise<void>,
): Promise<Finished> {
  const launched = launch(['start', ...args], environment)
  const end = finished(launched)
  await Promise.race([moment(), end])
  launched.child.kill('SIGKILL')
  return end
}

interface Launched {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
}

/** In an environment of its own: no setting of whoever runs the tests counts. */
function launch(
  args: readonly string[],
  environment: Environment,
  within: readonly string[] = [],
  node = process.execPath,
): Launched {
  requireFreshBuild()
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env
  const [program = node, ...words] = [...within, node, MAIN, ...args]
  const child = spawn(program, words, {
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, stdout: collected(child.stdout), stderr: collected(child.stderr) }
}

async function finished({ child, stdout, stderr }: Launched): Promise<Finished> {
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: stdout(), stderr: stderr() }
}

function collected(stream: NodeJS.ReadableStream): () => string {
  const chunks: string[] = []
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => chunks.push(chunk))
  return () => chunks.join('')
}

/** What runs here is what `npm run build` has left in dist, so that must be of these sources. */
export function requireFreshBuild(): void {
  const built = statSync(MAIN, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const newest = Math.max(...['src', 'migrations'].flatMap((directory) => modificationTimes(directory)))
  if (built < newest) throw new Error('dist is older than the sources: run npm run build first')
}

function modificationTimes(directory: string): readonly number[] {
  const root = path.join(packageRoot, directory)
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) =>
    statSync(path.join(root, name)),
  )
  return found.filter((file) => file.isFile()).map(({ mtimeMs }) => mtimeMs)
}
