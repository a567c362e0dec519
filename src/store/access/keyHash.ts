import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { verifyOldKey } from '../../magento/keyHash'

const COST = { N: 16384, r: 8, p: 1 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32

/** Hashes a key with scrypt and a fresh salt, as `scrypt$N$r$p$salt$hash`. */
export async function hashKey(key: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return stored(salt, await derive(key, salt, HASH_BYTES, COST))
}

/** A hash that matches no key, and takes as long to verify as any other. */
export const UNMATCHABLE_HASH = stored(Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES))

function stored(salt: Buffer, hash: Buffer): string {
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$')
}

/** Whether the key is the one that was hashed; the comparison takes constant time. A hash of no known form is of no key. */
export async function verifyKey(key: string, storedHash: string): Promise<boolean> {
  return isCurrent(storedHash) ? verifyCurrentKey(key, storedHash) : verifyOldKey(key, storedHash)
}

/** Whether a hash is of the kind that is made now, and not one of Magento's. */
export function isCurrent(storedHash: string): boolean {
  return storedHash.startsWith('scrypt$')
}

async function verifyCurrentKey(key: string, storedHash: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = storedHash.split('$')
  if (!salt || !hash) throw new Error('a stored key hash is not of a known form')
  const expected = Buffer.from(hash, 'base64')
  const options = { N: Number(N), r: Number(r), p: Number(p) }
  return timingSafeEqual(await derive(key, Buffer.from(salt, 'base64'), expected.length, options), expected)
}

function derive(key: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(key, salt, length, options, (error, derived) => (error ? reject(error) : resolve(derived)))
  })
}
