import { readFile, stat } from 'node:fs/promises'
import type { Log } from '../../contract/log'
import { PlainError } from '../../contract/plainError'

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** What temporary credentials have besides; null for lasting ones. */
  readonly sessionToken: string | null
}

/** There is no such file, or it has no credentials in it. The message names the file, and nothing that is in it. */
export class UnreadableCredentials extends PlainError {
  override readonly name = 'UnreadableCredentials'
}

/**
 * Credentials of a file of the AWS command line's form, which is read again when it has changed. While it cannot be read,
 * those that were read before go on to be used, and the log says so.
 */
export class CredentialsFile {
  #credentials: S3Credentials | null = null
  /** Tells one state of the file from another. */
  #seen: string | null = null

  constructor(
    private readonly file: string,
    private readonly log: Log,
  ) {}

  /** The same object as before, unless they have changed. @throws UnreadableCredentials when none were ever read */
  async current(): Promise<S3Credentials> {
    const state = await stateOf(this.file)
    if (this.#credentials && state === this.#seen) return this.#credentials
    try {
      this.#credentials = await read(this.file)
    } catch (err) {
      if (!this.#credentials) throw err
      this.log.error({ err }, 'the credentials of the store were not renewed: the old ones are used')
    }
    this.#seen = state
    return this.#credentials
  }
}

/** A mounted file is renewed by a link to another, so its number counts beside its time. */
async function stateOf(file: string): Promise<string | null> {
  const { ino, mtimeMs, size } = await stat(file).catch(() => ({ ino: null, mtimeMs: null, size: null }))
  return ino === null ? null : `${ino} ${mtimeMs} ${size}`
}

/** @throws UnreadableCredentials */
async function read(file: string): Promise<S3Credentials> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UnreadableCredentials(`${file}: ${cause.code ?? 'not readable'}`, { cause })
  })
  const values = defaultProfile(text)
  const [accessKeyId, secretAccessKey] = [
    values.get('aws_access_key_id'),
    values.get('aws_secret_access_key'),
  ]
  if (!accessKeyId || !secretAccessKey || ![...values.values()].every(isCredential))
    throw new UnreadableCredentials(
      `${file}: expected aws_access_key_id and aws_secret_access_key, and perhaps aws_session_token, below [default]`,
    )
  return { accessKeyId, secretAccessKey, sessionToken: values.get('aws_session_token') || null }
}

const NAMES: readonly string[] = ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token']

/** The values of `[default]`; other profiles, other names and comments are passed over. */
function defaultProfile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  let profile = ''
  for (const line of text.split(/\r?\n/)) {
    profile = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1] ?? profile
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (profile === 'default' && NAMES.includes(name)) values.set(name, value)
  }
  return values
}

/** What can stand in a header. */
function isCredential(text: string): boolean {
  return /^[!-~]*$/.test(text)
}
