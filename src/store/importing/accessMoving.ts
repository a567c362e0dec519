import { folded } from '../../contract/folded'
import { MOST_EXAMPLES, type Oddity } from '../../importing/oddity'
import { isCredential, type ShopAccess, type ShopToken } from '../../importing/shopAccess'
import { saveRole, usersOf } from '../access/accountRows'
import { saveConsumer, sha256, tokenPlace } from '../access/oauthRows'
import type { SecretBox } from '../access/secretBox'
import type { Queryable } from '../database/database'
import { moveRestRoles } from './restRolesMoving'

/** A user that is here already keeps its key: it may have been rewritten, or changed. */
const addUser = {
  name: 'import_user',
  text: `
    INSERT INTO api_user (username, username_key, api_key_hash, is_active, role_id)
    SELECT $1, $2, $3, $4, (SELECT role_id FROM api_role WHERE role_name = $5)
    ON CONFLICT (username_key) DO NOTHING RETURNING user_id`,
}

const knownConsumers = { name: 'import_known_consumers', text: 'SELECT key FROM oauth_consumer' }

const addToken = {
  name: 'import_token',
  text: `
    INSERT INTO oauth_token (consumer_id, type, token, secret, verifier_hash, callback_url, user_type, revoked, created_at, admin_id)
    SELECT entity_id, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT user_id FROM admin_user WHERE user_id = $10) FROM oauth_consumer WHERE key = $1
    ON CONFLICT (token) DO NOTHING RETURNING entity_id`,
}

/** Moves users with their hashes and roles, and OAuth's consumers and tokens. What is here already stays as it is. */
export async function moveAccess(
  rows: Queryable,
  { roles, users, consumers, tokens, rest }: ShopAccess,
  secretBox: SecretBox,
): Promise<readonly Oddity[]> {
  const known = new Set((await usersOf(rows)).map(({ username }) => folded(username)))
  const usedRoles = new Set(users.map(({ role }) => role))
  const rolesHere = new Set(
    (await rows.query<{ name: string }>({ name: '', text: 'SELECT role_name AS name FROM api_role' })).map(
      ({ name }) => name,
    ),
  )
  for (const role of roles) if (!rolesHere.has(role.name)) await saveRole(rows, role)
  const taken: string[] = []
  for (const { username, keyHash, active, role } of users) {
    const added = await rows.query(addUser, [username, folded(username), keyHash, active, role])
    if (added.length === 0 && !known.has(folded(username))) taken.push(username)
  }
  const consumersHere = new Set((await rows.query<{ key: string }>(knownConsumers)).map(({ key }) => key))
  for (const { key, name, secret, callbackUrl } of consumers) {
    if (!isCredential(key) || consumersHere.has(key)) continue
    await saveConsumer(rows, secretBox, { key, name, callbackUrl, signsWith: { kind: 'secret', secret } })
  }
  await moveRestRoles(rows, rest)
  for (const token of tokens) await moveToken(rows, token, secretBox)
  return [
    odd(
      'user_inactive',
      'users are inactive, and may not log in',
      users.filter(({ active }) => !active).map(({ username }) => username),
    ),
    odd(
      'user_without_role',
      'users have no role, and may not log in',
      users.filter(({ role }) => role === null).map(({ username }) => username),
    ),
    odd('user_taken', 'users have the name of another, as names are compared, and were left out', taken),
    odd(
      'user_known',
      'users were here already, and keep their keys and roles',
      users.filter(({ username }) => known.has(folded(username))).map(({ username }) => username),
    ),
    odd(
      'role_unused',
      'roles are of no user',
      roles.filter(({ name }) => !usedRoles.has(name)).map(({ name }) => name),
    ),
    odd(
      'consumer_malformed',
      'OAuth consumers have a key that is not of 32 characters, and were left out',
      consumers.filter(({ key }) => !isCredential(key)).map(({ name }) => name),
    ),
    odd(
      'admin_without_rest_role',
      'administrators have no role of REST: their tokens are answered with 403',
      rest.roles.length === 0
        ? []
        : rest.admins.filter(({ role }) => role === null).map(({ username }) => username),
    ),
    odd(
      'token_refused',
      'OAuth tokens are of inactive administrators, or were never authorized: they come in revoked',
      tokens.filter(({ isRefused }) => isRefused).map(({ token }) => token),
    ),
  ].filter(({ count }) => count > 0)
}

async function moveToken(rows: Queryable, token: ShopToken, secretBox: SecretBox): Promise<void> {
  if (!isCredential(token.token)) return
  await rows.query(addToken, [
    token.consumer,
    token.kind,
    token.token,
    secretBox.seal(token.secret, tokenPlace(token.token)),
    token.verifier === null ? null : sha256(token.verifier),
    token.callbackUrl,
    token.user,
    token.isRevoked,
    token.created,
    token.admin,
  ])
}

function odd(kind: string, meaning: string, examples: readonly string[]): Oddity {
  return { kind, meaning, count: examples.length, examples: examples.slice(0, MOST_EXAMPLES) }
}
