import type { Settings } from '../settings/settings'
import {
  disable as disableUser,
  type KeyKind,
  keyKindsOf,
  setKey as setUserKey,
  usersOf,
} from '../store/access/accountRows'
import { addUser, isAcceptableKey, newKey } from '../store/access/userSaving'
import { CommandError } from './commandError'
import { print, printTable } from './terminal'
import { withStorage } from './withStorage'

export interface KeyFlags {
  readonly key?: string
}

export interface AddFlags extends KeyFlags {
  readonly role: string
  readonly resources: string
}

export async function add(settings: Settings, username: string, flags: AddFlags): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    const { key, isGenerated } = keyFrom(flags)
    const resources = flags.resources.split(',').map((resource) => resource.trim())
    await database.transaction((rows) => addUser(rows, username, { key, role: flags.role, resources }))
    print(`Added user ${username} with role ${flags.role}.`)
    if (isGenerated) print(`Key: ${key}`)
  })
}

export async function list(settings: Settings): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    const users = await usersOf(database)
    const kinds = await keyKindsOf(database)
    printTable(
      ['USER', 'ROLE', 'STATE', 'KEY'],
      users.map(({ username, role, active }) => [
        username,
        role ?? '-',
        active ? 'active' : 'disabled',
        keyOf(kinds.get(username)),
      ]),
    )
  })
}

/** Tells a hash that Magento made from one that a login has renewed. */
function keyOf(kind: KeyKind | undefined): string {
  return kind === undefined || kind === 'scrypt' || kind === 'unknown' ? (kind ?? '-') : `old: ${kind}`
}

export async function disable(settings: Settings, username: string): Promise<void> {
  await withStorage(settings, ({ database }) => database.transaction((rows) => disableUser(rows, username)))
  print(`Disabled user ${username}.`)
}

export async function setKey(settings: Settings, username: string, flags: KeyFlags): Promise<void> {
  const { key, isGenerated } = keyFrom(flags)
  await withStorage(settings, ({ database }) =>
    database.transaction((rows) => setUserKey(rows, username, key)),
  )
  print(`Changed the key of user ${username}.`)
  if (isGenerated) print(`Key: ${key}`)
}

function keyFrom(flags: KeyFlags): { key: string; isGenerated: boolean } {
  const given = flags.key ?? process.env.KEEPSAKE_API_KEY
  if (given === undefined) return { key: newKey(), isGenerated: true }
  if (!isAcceptableKey(given)) {
    const source = flags.key === undefined ? 'KEEPSAKE_API_KEY' : '--key'
    throw new CommandError(`${source}: expected a key that login accepts, not an empty one or 0`)
  }
  return { key: given, isGenerated: false }
}
