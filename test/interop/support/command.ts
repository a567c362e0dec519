import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

/** A suite that needs a command. Without it, it is one test that says so, and fails where everything must run. */
export function describeWithCommand(
  command: string,
  title: string,
  suite: () => void,
  versionFlag = '--version',
): void {
  describe(title, () => {
    if (spawnSync(command, [versionFlag]).status === 0) return suite()
    test(`not run: ${command} is not installed`, () => {
      expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
    })
  })
}

/** Runs a command to its end and answers what it printed. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, args)).stdout
}
