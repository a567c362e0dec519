import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Client, Command } from './clients'

/** What a client's program says of one step. */
export interface StepResult {
  readonly step: string
  readonly ok: boolean
  readonly detail: string
}

export function isInstalled({ check: [program, ...args] }: Client): boolean {
  return spawnSync(program, args, { env: ENVIRONMENT }).status === 0
}

/**
 * Makes the client's program from the WSDL if it has to be made, runs it in the directory, and answers what it says of
 * each step. Throws what a command wrote when it fails.
 *
 * @param name the name of the WSDL, which the classes made from it have
 */
export async function runClient(
  { build = () => [], run: [program, ...args] }: Client,
  wsdl: string,
  programArgs: readonly string[],
  directory: string,
  name?: string,
): Promise<readonly StepResult[]> {
  for (const command of build(wsdl, name)) await outputOf(command, directory)
  const output = await outputOf([program, ...args, ...programArgs], directory)
  return output
    .trim()
    .split('\n')
    .map((line): StepResult => JSON.parse(line))
}

/** A proxy where nothing listens: a client that turns to another host is refused at once. */
const NO_PROXY = 'http://127.0.0.1:9'

const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  LANG: 'C.UTF-8',
  PYTHONDONTWRITEBYTECODE: '1',
  http_proxy: NO_PROXY,
  https_proxy: NO_PROXY,
  no_proxy: '127.0.0.1',
  JAVA_TOOL_OPTIONS: '-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9 -Dhttp.nonProxyHosts=127.0.0.1',
}

async function outputOf([program, ...args]: Command, directory: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: directory,
    env: ENVIRONMENT,
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}
