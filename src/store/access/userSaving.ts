import { randomBytes } from 'node:crypto'
import { folded } from '../../contract/folded'
import { OperatorError } from '../../contract/operatorError'
import type { ListedUser, UserChange } from '../../control/ports'
import type { Queryable } from '../database/database'
import { saveRole, saveUser as saveUserRow, setAccess, setKey, usersOf } from './accountRows'

const DEFAULT_ROLE = 'all'
const ALL_RIGHTS: readonly string[] = ['all']

/** Makes a key for an API user: 32 hex digits. */
export function newKey(): string {
  return randomBytes(16).toString('hex')
}

/** Whether login accepts such a key, which must not be empty in PHP's sense. */
export function isAcceptableKey(key: string): boolean {
  return key !== '' && key !== '0'
}

/**
 * Creates an active user, and its role with these resources if there is none of that name.
 *
 * @throws OperatorError
 */
export async function addUser(
  rows: Queryable,
  username: string,
  { key, role, resources }: { key: string; role: string; resources: readonly string[] },
): Promise<void> {
  const users = await usersOf(rows)
  if (userNamed(users, username))
    throw new OperatorError(
      'conflict',
      `there is a user ${username} already: keepsake user set-key gives it a new key`,
    )
  if (!users.some((user) => user.role === role)) await saveRole(rows, { name: role, resources })
  await saveUserRow(rows, { username, apiKey: key, role, active: true })
}

/**
 * Makes the user, or changes the one of this name: what is not given stays as it is, or for a new one is a generated key,
 * the role `all`, and being active. A new key, another role, and being disabled or enabled end its sessions. Answers the
 * key that was generated.
 *
 * @throws OperatorError
 */
export async function saveUser(
  rows: Queryable,
  username: string,
  change: UserChange,
): Promise<string | null> {
  const { key, role, resources, active } = change
  if (key !== undefined && !isAcceptableKey(key))
    throw new OperatorError('invalid', 'a key that login accepts is neither empty nor 0')
  const before = userNamed(await usersOf(rows), username)
  const roleName = role ?? (before ? before.role : DEFAULT_ROLE)
  await prepareRole(rows, roleName, resources)
  if (!before) {
    const apiKey = key ?? newKey()
    await saveUserRow(rows, { username, apiKey, role: roleName, active: active ?? true })
    return key === undefined ? apiKey : null
  }
  if (key !== undefined) await setKey(rows, username, key)
  await setAccess(rows, username, { active: active ?? before.active, role: roleName })
  return null
}

/** Creates the role if it does not exist, and gives it the resources, if any are given. */
async function prepareRole(
  rows: Queryable,
  role: string | null,
  resources: readonly string[] | undefined,
): Promise<void> {
  if (role === null) {
    if (resources) throw new OperatorError('invalid', 'the user has no role that could have these resources')
    return
  }
  if (resources || !(await roleExists(rows, role)))
    await saveRole(rows, { name: role, resources: resources ?? ALL_RIGHTS })
}

const findRole = { name: 'find_role', text: 'SELECT 1 FROM api_role WHERE role_name = $1' }

async function roleExists(rows: Queryable, role: string): Promise<boolean> {
  return (await rows.query(findRole, [role])).length > 0
}

/** Returns the user whom a login by this name finds; undefined when there is none. */
export function userNamed(users: readonly ListedUser[], username: string): ListedUser | undefined {
  return users.find((user) => folded(user.username) === folded(username))
}
