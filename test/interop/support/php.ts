import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { copyFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { packageRoot } from '../../../src/packageRoot'
import { documentText, type WsdlName } from '../../../src/wire/rpc/wsdlDocuments'
import { MAGENTO_1_9, wsdlContent } from '../../../src/wire/soap/soapProfile'
import { freePort } from '../../support/freePort'

const SCRIPTS = path.join(__dirname, '..', 'php')

/** Extensions that these tests need of PHP. */
const CHECK = 'exit(extension_loaded("soap") && extension_loaded("zlib") ? 0 : 1);'

/** A suite that needs PHP. Without PHP it is one test that says so, and fails where everything must run. */
export function describeWithPhp(title: string, suite: () => void): void {
  describe(title, () => {
    if (spawnSync('php', ['-r', CHECK]).status === 0) return suite()
    test('not run: php with soap is not installed', () => {
      expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
    })
  })
}

/** Runs a script of test/interop/php, gives it the input as JSON, and answers the JSON that it printed. */
export async function runPhp<Answer>(script: string, input: unknown): Promise<Answer> {
  const child = spawn(
    'php',
    [...QUIETLY, '-d', 'soap.wsdl_cache_enabled=0', '-d', 'memory_limit=-1', path.join(SCRIPTS, script)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  const [output, errors, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
      child.stdin.end(JSON.stringify(input))
    }),
  ])
  if (code !== 0) throw new Error(`${script} failed:\n${errors}${output}`)
  return JSON.parse(output) as Answer
}

const QUIETLY = ['-d', 'display_errors=stderr', '-d', 'error_reporting=-1', '-d', 'log_errors=0']

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

export interface PhpServer {
  readonly url: string
  stop(): Promise<void>
}

/** Serves a script of test/interop/php with PHP's built-in web server. */
export async function servePhp(script: string, environment: NodeJS.ProcessEnv): Promise<PhpServer> {
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn('php', [...WITH_MEMORY, '-S', address, path.join(SCRIPTS, script)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await started(child)
  return {
    url: `http://${address}`,
    async stop() {
      child.kill()
      await ended
    },
  }
}

/** The WSDL is read once, not for each request. */
const WITH_MEMORY = ['-d', 'display_errors=0', '-d', 'soap.wsdl_cache_enabled=1', '-d', 'soap.wsdl_cache=2']

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('started')) resolve()
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`PHP's server ended: ${said}`)))
  })
}

/** Keeps a WSDL in a directory, with the schema that it may import, as a client may; answers its path. */
export async function keepWsdl(name: WsdlName, directory: string, address: string): Promise<string> {
  const served = path.join(packageRoot, 'wsdl')
  const [wsdl, schema] = [path.join(directory, `${name}.wsdl`), path.join(directory, 'soap-encoding.xsd')]
  await copyFile(path.join(served, 'soap-encoding.xsd'), schema)
  const text = documentText(`${name}.wsdl`, address, wsdlContent(MAGENTO_1_9))
  await writeFile(wsdl, text.replace(/schemaLocation="[^"]*"/, `schemaLocation="${schema}"`))
  return wsdl
}
