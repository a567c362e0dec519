import type { Queryable } from '../database/database'
import { consumerPlace, tokenPlace } from './oauthRows'
import { type SecretBox, SecretKeyMismatch } from './secretBox'

/** How many of the latest consumers and tokens are checked: enough to notice the key of another server. */
const LOOKED_AT = 1000

const sealedSecrets = {
  name: 'sealed_secrets',
  text: `
    (SELECT key AS consumer, NULL AS token, secret FROM oauth_consumer
      WHERE secret IS NOT NULL ORDER BY entity_id DESC LIMIT ${LOOKED_AT})
    UNION ALL
    (SELECT NULL, token, secret FROM oauth_token WHERE NOT revoked ORDER BY entity_id DESC LIMIT ${LOOKED_AT})`,
}

interface SealedRow {
  readonly consumer: string | null
  readonly token: string | null
  readonly secret: Buffer
}

/**
 * Returns a warning when the database has OAuth secrets that this key does not open, as when servers have
 * different keys; null when it opens all.
 */
export async function foreignSecretsWarning(rows: Queryable, secretBox: SecretBox): Promise<string | null> {
  const sealed = await rows.query<SealedRow>(sealedSecrets)
  const foreign = sealed.filter((row) => !opens(secretBox, row)).length
  if (foreign === 0) return null
  return (
    `${foreign} OAuth secrets in the database were encrypted with another key than this process has, so that it ` +
    'believes no request that is signed with them: give every server and command the same KEEPSAKE_SECRET_KEY'
  )
}

function opens(secretBox: SecretBox, { consumer, token, secret }: SealedRow): boolean {
  try {
    secretBox.open(secret, consumer === null ? tokenPlace(token ?? '') : consumerPlace(consumer))
    return true
  } catch (thrown) {
    if (thrown instanceof SecretKeyMismatch) return false
    throw thrown
  }
}
