import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { createDurably } from '../../contract/durableFile'
import { ifThere } from '../../contract/ifThere'
import { PlainError } from '../../contract/plainError'

const KEY_BYTES = 32
const HEX_KEY = /^[0-9a-f]{64}\n?$/

/** The key file holds something else than a key. */
export class UnreadableSecretKey extends PlainError {
  override readonly name = 'UnreadableSecretKey'
}

/** Returns a random key that is used only by this process and never stored. */
export function passingSecretKey(): Buffer {
  return randomBytes(KEY_BYTES)
}

/**
 * Returns the key of a data directory: 64 hex digits in `secret.key`, readable by the owner alone. It is
 * created if it does not exist; processes that start together agree on one.
 *
 * @throws UnreadableSecretKey
 */
export async function secretKeyOf(directory: string): Promise<Buffer> {
  const file = path.join(directory, 'secret.key')
  return (await readKey(file)) ?? (await makeKey(directory, file))
}

async function readKey(file: string): Promise<Buffer | null> {
  const text = await ifThere(readFile(file, 'utf8'))
  if (text === null) return null
  if (!HEX_KEY.test(text)) throw new UnreadableSecretKey(`${file} holds no key of 64 hex digits`)
  return Buffer.from(text.trim(), 'hex')
}

/** Creates the key. A reader sees the whole key or none. */
async function makeKey(directory: string, file: string): Promise<Buffer> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const key = passingSecretKey()
  const unfinished = `${file}.${randomBytes(8).toString('hex')}.tmp`
  const isFirst = await createDurably({ path: file, unfinished, mode: 0o600 }, `${key.toString('hex')}\n`)
  const kept = isFirst ? key : await readKey(file)
  if (kept === null) throw new Error(`${file} is gone again`)
  return kept
}
