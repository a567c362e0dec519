import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Installs the newest Node of a major version into a directory, from the package that carries it for this system, and
 * answers the path of its program. That of the package `node`, which chooses among them, is for an install script.
 *
 * @throws what npm says when there is none
 */
export async function installNode(major: number, directory: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', directory]
  await run('npm', ['install', ...options, `${name}@${major}`], { cwd: directory })
  return path.join(directory, 'node_modules', name, 'bin', 'node')
}
