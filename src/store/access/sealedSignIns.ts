import { z } from 'zod'
import type { SignIn, SignIns } from '../../oauth/ports'
import { type SecretBox, SecretKeyMismatch } from './secretBox'

const signIn = z.object({
  user: z.enum(['admin', 'customer']),
  operator: z.int(),
  username: z.string(),
  ends: z.int(),
})

/** Seals sign-ins with the secret key, so that any server of the shop reads them, and nothing is stored. */
export class SealedSignIns implements SignIns {
  constructor(private readonly secretBox: SecretBox) {}

  seal({ token, ...content }: SignIn): string {
    return this.secretBox.seal(JSON.stringify(content), placeOf(token)).toString('base64url')
  }

  open(sealed: string, token: string): SignIn | null {
    try {
      const content = this.secretBox.open(Buffer.from(sealed, 'base64url'), placeOf(token))
      return { ...signIn.parse(JSON.parse(content)), token }
    } catch (thrown) {
      if (thrown instanceof SecretKeyMismatch) return null
      throw thrown
    }
  }
}

function placeOf(token: string): string {
  return `sign-in ${token}`
}
