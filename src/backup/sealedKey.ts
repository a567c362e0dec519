import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { OperatorError } from '../contract/operatorError'

const ALGORITHM = 'aes-256-gcm'
/** The cost of scrypt: each guess takes 128 MB and a third of a second. */
const COST = { N: 131_072, r: 8, p: 1 } as const

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/)

const sealedSchema = z.object({
  cipher: z.literal(ALGORITHM),
  scrypt: z.object({ N: z.literal(COST.N), r: z.literal(COST.r), p: z.literal(COST.p) }),
  salt: base64,
  iv: base64,
  tag: base64,
  key: base64,
})

/** Seals a key with a passphrase: JSON that says by which algorithms. */
export async function sealKey(key: Buffer, passphrase: string): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(12)]
  const cipher = createCipheriv(ALGORITHM, await derived(passphrase, salt), iv)
  const sealed = Buffer.concat([cipher.update(key), cipher.final()])
  const text = (bytes: Buffer) => bytes.toString('base64')
  const content: z.output<typeof sealedSchema> = {
    cipher: ALGORITHM,
    scrypt: COST,
    salt: text(salt),
    iv: text(iv),
    tag: text(cipher.getAuthTag()),
    key: text(sealed),
  }
  return `${JSON.stringify(content)}\n`
}

/** @param file names what was sealed in the message of an error. @throws OperatorError for another passphrase */
export async function unsealKey(sealed: string, passphrase: string, file: string): Promise<Buffer> {
  const { salt, iv, tag, key } = readSealed(sealed, file)
  const bytes = (text: string) => Buffer.from(text, 'base64')
  try {
    const decipher = createDecipheriv(ALGORITHM, await derived(passphrase, bytes(salt)), bytes(iv), {
      authTagLength: 16,
    })
    decipher.setAuthTag(bytes(tag))
    return Buffer.concat([decipher.update(bytes(key)), decipher.final()])
  } catch (cause) {
    throw new OperatorError('invalid', `${file} was sealed with another passphrase, or is damaged`, { cause })
  }
}

/** Returns a mark that identifies a key and does not reveal it. */
export function markOfKey(key: Buffer): string {
  return createHmac('sha256', key).update('the key of a backup').digest('hex').slice(0, 32)
}

function readSealed(text: string, file: string): z.output<typeof sealedSchema> {
  try {
    return sealedSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new OperatorError('invalid', `${file} holds no sealed key`, { cause })
  }
}

async function derived(passphrase: string, salt: Buffer): Promise<Buffer> {
  const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)
  return derive(passphrase.normalize('NFC'), salt, 32, { ...COST, maxmem: 256 * 1024 * 1024 })
}
