import { createHash, timingSafeEqual } from 'node:crypto'
import { compare } from 'bcryptjs'

/** The kinds of hashes that Magento made of keys (importing.md). */
export type OldKeyKind = 'md5' | 'sha256' | 'sha512' | 'bcrypt'

const BCRYPT = /^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}$/

/** The hash functions by the number of hex digits that they give. */
const KINDS: ReadonlyMap<number, Exclude<OldKeyKind, 'bcrypt'>> = new Map([
  [32, 'md5'],
  [64, 'sha256'],
  [128, 'sha512'],
])

/** Returns the kind of a stored hash; null for one that Magento did not make. */
export function oldKeyKind(storedHash: string): OldKeyKind | null {
  if (BCRYPT.test(storedHash)) return 'bcrypt'
  const { digest, salt } = partsOf(storedHash)
  const kind = /^[0-9a-f]+$/.test(digest) ? KINDS.get(digest.length) : undefined
  if (kind === undefined) return null
  // Magento knew SHA-512 only with a salt.
  return kind === 'sha512' && salt === null ? null : kind
}

/** Whether the key is the one that Magento hashed; the comparison takes constant time. */
export async function verifyOldKey(key: string, storedHash: string): Promise<boolean> {
  const kind = oldKeyKind(storedHash)
  if (kind === null) return false
  if (kind === 'bcrypt') return compare(key, storedHash)
  const { digest, salt } = partsOf(storedHash)
  const given = createHash(kind)
    .update(salt ?? '')
    .update(key)
    .digest()
  return timingSafeEqual(given, Buffer.from(digest, 'hex'))
}

/** The salt stands behind the first colon, and may have others. */
function partsOf(storedHash: string): { readonly digest: string; readonly salt: string | null } {
  const colon = storedHash.indexOf(':')
  return colon < 0
    ? { digest: storedHash, salt: null }
    : { digest: storedHash.slice(0, colon), salt: storedHash.slice(colon + 1) }
}
