import { readFile, stat } from 'node:fs/promises'
import type { Log } from '../../contract/log'
import { PlainError } from '../../contract/plainError'

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The token of temporary credentials; null for permanent ones. */
  readonly sessionToken: string | null
}

/**
 * The file does not exist or holds no credentials. The message names the file, and nothing of its content.
 */
export class UnreadableCredentials extends PlainError {
  override readonly name = 'UnreadableCredentials'
}

/**
 * Reads credentials from a file in the format of the AWS command line, again whenever it has changed. While
 * it cannot be read, the last credentials stay in use, and this is logged.
 */
export class CredentialsFile {
  #credentials: S3Credentials | null = null
  /** The state of the file at the last read. */
  #seen: string | null = null

  constructor(
    private readonly file: string,
    private readonly log: Log,
  ) {}

  /**
   * Returns the credentials: the same object until they change.
   *
   * @throws UnreadableCredentials when none were ever read
   */
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

/**
 * Returns inode, time and size of the file. The inode counts because a mounted file is replaced by linking to
 * another one.
 */
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

/** Returns the values of the profile `[default]`; other profiles, other names and comments are ignored. */
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

/** Tells whether a text can stand in a header. */
function isCredential(text: string): boolean {
  return /^[!-~]*$/.test(text)
}
