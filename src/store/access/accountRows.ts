import { OperatorError } from '../../contract/operatorError'
import type { ListedUser } from '../../control/ports'
import { onlyRow, type Queryable } from '../database/database'
import { folded } from '../database/folded'
import { hashKey } from './keyHash'

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

const upsertUser = {
  name: 'upsert_user',
  text: `
    INSERT INTO api_user (username, username_key, api_key_hash, is_active, role_id) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (username_key) DO UPDATE
    SET username = excluded.username, api_key_hash = excluded.api_key_hash, is_active = excluded.is_active,
        role_id = excluded.role_id`,
}

const listUsers = {
  name: 'list_users',
  text: `
    SELECT username, role_name AS role, is_active AS active
      FROM api_user LEFT JOIN api_role USING (role_id) ORDER BY username_key`,
}

const disableUser = {
  name: 'disable_user',
  text: 'UPDATE api_user SET is_active = false WHERE username_key = $1 RETURNING user_id',
}

const setUserKey = {
  name: 'set_user_key',
  text: 'UPDATE api_user SET api_key_hash = $2 WHERE username_key = $1 RETURNING user_id',
}

const setUserAccess = {
  name: 'set_user_access',
  text: `
    UPDATE api_user SET is_active = $2, role_id = coalesce((SELECT role_id FROM api_role WHERE role_name = $3), role_id)
     WHERE username_key = $1`,
}

const endSessions = { name: 'end_sessions_of_user', text: 'DELETE FROM api_session WHERE user_id = $1' }

/** Creates the role, or gives an existing one exactly these rules. */
export async function saveRole(rows: Queryable, { name, resources }: RoleDefinition): Promise<void> {
  const { id } = onlyRow(await rows.query<{ id: number }>(upsertRole, [name]))
  await rows.query(dropRules, [id, resources])
  await rows.query(addRules, [id, resources])
}

/**
 * Creates the user, or gives the existing user of that name, in any case, this key, role and state.
 *
 * @throws UnknownName
 */
export async function saveUser(
  rows: Queryable,
  { username, apiKey, role, active }: UserDefinition,
): Promise<void> {
  const roleId = role === null ? null : await roleIdOf(rows, role)
  await rows.query(upsertUser, [username, folded(username), await hashKey(apiKey), active, roleId])
}

export async function usersOf(rows: Queryable): Promise<readonly ListedUser[]> {
  return rows.query<ListedUser>(listUsers)
}

/** Disables the user and ends its sessions. @throws UnknownName */
export async function disable(rows: Queryable, username: string): Promise<void> {
  await endSessionsOf(rows, username, await rows.query<{ user_id: number }>(disableUser, [folded(username)]))
}

/** Gives the user a new key and ends its sessions. @throws UnknownName */
export async function setKey(rows: Queryable, username: string, apiKey: string): Promise<void> {
  const changed = await rows.query<{ user_id: number }>(setUserKey, [folded(username), await hashKey(apiKey)])
  await endSessionsOf(rows, username, changed)
}

/** Sets whether the user may log in, and the role, unless that is null. */
export async function setAccess(
  rows: Queryable,
  username: string,
  { active, role }: Omit<ListedUser, 'username'>,
): Promise<void> {
  await rows.query(setUserAccess, [folded(username), active, role])
}

async function endSessionsOf(
  rows: Queryable,
  username: string,
  [user]: readonly { readonly user_id: number }[],
): Promise<void> {
  if (!user) throw new UnknownName(`there is no user ${username}`)
  await rows.query(endSessions, [user.user_id])
}

async function roleIdOf(rows: Queryable, role: string): Promise<number> {
  const [row] = await rows.query<{ id: number }>(roleByName, [role])
  if (!row) throw new UnknownName(`there is no role ${role}`)
  return row.id
}
