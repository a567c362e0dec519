import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/** A stored secret was sealed with another key, or for another place. */
export class SecretKeyMismatch extends Error {
  override readonly name = 'SecretKeyMismatch'

  constructor(cause: unknown) {
    super(
      'a stored secret was not encrypted with this key: KEEPSAKE_SECRET_KEY, or secret.key in the data directory, was another when it was stored',
      { cause },
    )
  }
}

/**
 * Encrypts secrets that must be read again (AES-256-GCM). Each is bound to one place, so that it cannot be
 * moved to another.
 */
export class SecretBox {
  /** @param key 32 bytes */
  constructor(private readonly key: Buffer) {}

  /** Returns a fresh IV, the authentication tag and the ciphertext, in that order. */
  seal(secret: string, place: string): Buffer {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.key, iv).setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed])
  }

  /** @throws SecretKeyMismatch */
  open(sealed: Buffer, place: string): string {
    const tagEnd = IV_BYTES + TAG_BYTES
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, sealed.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(IV_BYTES, tagEnd))
      return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new SecretKeyMismatch(cause)
    }
  }
}
