import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const SCRIPTS = path.join(__dirname, '..', 'python')

/** Runs a script of test/interop/python, gives it the input as JSON, and answers the JSON that it printed. */
export async function runPython<Answer>(script: string, input: unknown): Promise<Answer> {
  const running = promisify(execFile)('python3', [path.join(SCRIPTS, script)])
  running.child.stdin?.end(JSON.stringify(input))
  return JSON.parse((await running).stdout)
}
