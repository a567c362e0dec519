import { folded } from '../../contract/folded'
import { OperatorError } from '../../contract/operatorError'
import type { ListedUser } from '../../control/ports'
import { type OldKeyKind, oldKeyKind } from '../../magento/keyHash'
import { onlyRow, type Queryable } from '../database/database'
import { hashKey, isCurrent, verifyKey } from './keyHash'

export interface RoleDefinition {
  readonly name: string
  readonly resources: readonly string[]
}

export interface UserDefinition {
  readonly username: string
  readonly apiKey: string
  /** The name of a role; null for a user that may not log in. */
  readonly role: string | null
  readonly active: boolean
}

/** The database has no role, or no user, of that name. */
export class UnknownName extends OperatorError {
  override readonly name = 'UnknownName'

  constructor(message: string) {
    super('unknown', message)
  }
}

const upsertRole = {
  name: 'upsert_role',
  text: `
    INSERT INTO api_role (role_name) VALUES ($1)
    ON CONFLICT (role_name) DO UPDATE SET role_name = excluded.role_name RETURNING role_id AS id`,
}

const dropRules = {
  name: 'drop_rules',
  text: 'DELETE FROM api_rule WHERE role_id = $1 AND NOT resource_id = ANY ($2::text[])',
}

const addRules = {
  name: 'add_rules',
  text: 'INSERT INTO api_rule (role_id, resource_id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING',
}

const roleByName = { name: 'role_by_name', text: 'SELECT role_id AS id FROM api_role WHERE role_name = $1' }

const addUser = {
  name: 'add_user',
  text: `
    INSERT INTO api_user (username, username_key, api_key_hash, is_active, role_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (username_key) DO NOTHING RETURNING user_id AS id`,
}

const listUsers = {
  name: 'list_users',
  text: `
    SELECT username, role_name AS role, is_active AS active
      FROM api_user LEFT JOIN api_role USING (role_id) ORDER BY username_key`,
}

const keyHashes = { name: 'key_hashes', text: 'SELECT username, api_key_hash AS "keyHash" FROM api_user' }

const userByName = {
  name: 'user_by_name',
  text: `
    SELECT user_id AS id, username, api_key_hash AS "keyHash", is_active AS active, role_id AS "roleId"
      FROM api_user WHERE username_key = $1 FOR UPDATE`,
}

const updateUser = {
  name: 'update_user',
  text: 'UPDATE api_user SET username = $2, api_key_hash = $3, is_active = $4, role_id = $5 WHERE user_id = $1',
}

const endSessions = { name: 'end_sessions_of_user', text: 'DELETE FROM api_session WHERE user_id = $1' }

/** Creates the role, or gives an existing one exactly these rules. */
export async function saveRole(rows: Queryable, { name, resources }: RoleDefinition): Promise<void> {
  const { id } = onlyRow(await rows.query<{ id: number }>(upsertRole, [name]))
  await rows.query(dropRules, [id, resources])
  await rows.query(addRules, [id, resources])
}

interface UserRow {
  readonly id: number
  readonly username: string
  readonly keyHash: string
  readonly active: boolean
  readonly roleId: number | null
}

/**
 * Makes the user, or gives the one of that name, in any case, this key, role and state. Sessions end where any of them
 * changes. @throws UnknownName
 */
export async function saveUser(
  rows: Queryable,
  { username, apiKey, role, active }: UserDefinition,
): Promise<void> {
  const roleId = role === null ? null : await roleIdOf(rows, role)
  let before = await find(rows, username)
  if (!before) {
    const values = [username, folded(username), await hashKey(apiKey), active, roleId]
    if ((await rows.query(addUser, values)).length > 0) return
    before = await named(rows, username)
  }
  const hasKey = await verifyKey(apiKey, before.keyHash)
  const keyHash = hasKey ? before.keyHash : await hashKey(apiKey)
  await bring(rows, before, { username, keyHash, active, roleId })
}

/** What a stored key hash is: `scrypt`, a kind of Magento's, or `unknown` for one that no key has. */
export type KeyKind = 'scrypt' | OldKeyKind | 'unknown'

/** Returns the kind of each user's key hash, by user name. */
export async function keyKindsOf(rows: Queryable): Promise<ReadonlyMap<string, KeyKind>> {
  const users = await rows.query<{ username: string; keyHash: string }>(keyHashes)
  return new Map(
    users.map(({ username, keyHash }) => [
      username,
      isCurrent(keyHash) ? 'scrypt' : (oldKeyKind(keyHash) ?? 'unknown'),
    ]),
  )
}

export async function usersOf(rows: Queryable): Promise<readonly ListedUser[]> {
  return rows.query<ListedUser>(listUsers)
}

/** Disables the user and ends its sessions. @throws UnknownName */
export async function disable(rows: Queryable, username: string): Promise<void> {
  await bring(rows, await named(rows, username), { active: false })
}

/** Gives the user a new key and ends its sessions. @throws UnknownName */
export async function setKey(rows: Queryable, username: string, apiKey: string): Promise<void> {
  await bring(rows, await named(rows, username), { keyHash: await hashKey(apiKey) })
}

/**
 * Says whether the user may log in, and gives it that role, or for null leaves its own. Sessions end where either
 * changes. @throws UnknownName
 */
export async function setAccess(
  rows: Queryable,
  username: string,
  { active, role }: Omit<ListedUser, 'username'>,
): Promise<void> {
  const given = role === null ? {} : { roleId: await roleIdOf(rows, role) }
  await bring(rows, await named(rows, username), { active, ...given })
}

/** The one place that changes a user: a session never outlives the key, the role or the state that it was opened with. */
async function bring(rows: Queryable, before: UserRow, change: Partial<Omit<UserRow, 'id'>>): Promise<void> {
  const { id, username, keyHash, active, roleId } = { ...before, ...change }
  await rows.query(updateUser, [id, username, keyHash, active, roleId])
  const isSame = keyHash === before.keyHash && active === before.active && roleId === before.roleId
  if (!isSame) await rows.query(endSessions, [id])
}

async function find(rows: Queryable, username: string): Promise<UserRow | undefined> {
  const [user] = await rows.query<UserRow>(userByName, [folded(username)])
  return user
}

async function named(rows: Queryable, username: string): Promise<UserRow> {
  const user = await find(rows, username)
  if (!user) throw new UnknownName(`there is no user ${username}`)
  return user
}

async function roleIdOf(rows: Queryable, role: string): Promise<number> {
  const [row] = await rows.query<{ id: number }>(roleByName, [role])
  if (!row) throw new UnknownName(`there is no role ${role}`)
  return row.id
}
