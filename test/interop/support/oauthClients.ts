import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'

/** A client of others, as a script of test/interop that does one step of a client's work. */
export interface OAuthClient {
  readonly title: string
  readonly command: string
  readonly script: string
  readonly places: readonly Place[]
  readonly methods: readonly ('HMAC-SHA1' | 'PLAINTEXT' | 'RSA-SHA1')[]
}

export type Place = 'header' | 'query' | 'form'

const PYTHONS = ['python3', '/usr/bin/python3']
const PYTHON_CHECK = ['-c', 'import requests_oauthlib, jwt, cryptography']

const ALL = {
  places: ['header', 'query', 'form'],
  methods: ['HMAC-SHA1', 'PLAINTEXT', 'RSA-SHA1'],
} as const

/** Each client, with what tells whether it is there. */
export const CLIENTS: readonly (OAuthClient & { readonly check: readonly string[] })[] = [
  {
    title: 'PHP’s OAuth extension',
    command: 'php',
    check: ['-r', 'exit(extension_loaded("oauth") ? 0 : 1);'],
    script: 'php/oauth.php',
    ...ALL,
  },
  {
    title: 'Python’s requests-oauthlib',
    command: PYTHONS.find((python) => succeeds(python, PYTHON_CHECK)) ?? 'python3',
    check: PYTHON_CHECK,
    script: 'python/oauth.py',
    ...ALL,
  },
  {
    title: 'Perl’s Net::OAuth',
    command: 'perl',
    check: ['-MNet::OAuth', '-MCrypt::OpenSSL::RSA', '-MLWP::UserAgent', '-e', '1'],
    script: 'perl/oauth.pl',
    ...ALL,
  },
]

/** A suite that needs a client. Without it, it is one test that says so, and fails where everything must run. */
export function describeWithClients(suite: (client: OAuthClient) => void): void {
  for (const { check, ...client } of CLIENTS) {
    describe(client.title, () => {
      if (succeeds(client.command, check)) return suite(client)
      test(`not run: ${client.title} is not installed`, () => {
        expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
      })
    })
  }
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Gives a client's script its input as JSON, and answers the JSON that it printed. */
export async function run<Answer>({ command, script }: OAuthClient, input: unknown): Promise<Answer> {
  const child = spawn(command, [path.join(__dirname, '..', script)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  child.stdin.end(JSON.stringify(input))
  const [output, errors, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended])
  if (code !== 0) throw new Error(`${script} failed:\n${errors}${output}`)
  return JSON.parse(output) as Answer
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
