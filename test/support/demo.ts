import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { packageRoot } from '../../src/packageRoot'
import { type Finished, requireFreshBuild } from './cli'

/**
 * Runs what `npm run demo` runs, in that directory, with no other place for temporary files.
 *
 * @param node the program that runs it, this one unless given
 */
export async function runDemo(directory: string, node = process.execPath): Promise<Finished> {
  requireFreshBuild()
  const script = path.join(packageRoot, 'dist', 'scripts', 'demo.js')
  const env = { PATH: process.env.PATH, TMPDIR: directory }
  const child = spawn(node, [script], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}
