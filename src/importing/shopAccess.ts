import { freeName, number } from './shopFacts'
import type { NamedRow, SmallTable } from './shopTables'

/** Who may use a shop's API. */
export interface ShopAccess {
  readonly roles: readonly ShopRole[]
  readonly users: readonly ShopUser[]
  readonly consumers: readonly ShopConsumer[]
  readonly tokens: readonly ShopToken[]
  readonly rest: ShopRestRoles
}

/** The roles of REST, with the ids that the shop has given. */
export interface ShopRestRoles {
  readonly roles: readonly { readonly id: number; readonly name: string }[]
  readonly rules: readonly {
    readonly role: number
    readonly resource: string
    readonly privilege: string | null
  }[]
  readonly attributes: readonly {
    readonly userType: string
    readonly resource: string
    readonly operation: string
    readonly allowed: string | null
  }[]
  readonly admins: readonly {
    readonly id: number
    readonly username: string
    readonly active: boolean
    /** Null for one who has none: he may do nothing over REST. */
    readonly role: number | null
  }[]
}

export interface ShopRole {
  readonly name: string
  /** The resources that are allowed; what is denied gives no right. */
  readonly resources: readonly string[]
}

export interface ShopUser {
  readonly username: string
  /** The hash as Magento stored it. */
  readonly keyHash: string
  readonly active: boolean
  /** The name of its role; null for a user that may not log in. */
  readonly role: string | null
}

export interface ShopConsumer {
  readonly key: string
  readonly secret: string
  readonly name: string
  readonly callbackUrl: string | null
}

export interface ShopToken {
  /** The key of its consumer. */
  readonly consumer: string
  readonly kind: 'request' | 'access'
  readonly token: string
  readonly secret: string
  /** Null for a token that nobody has authorized yet. */
  readonly user: 'admin' | 'customer' | null
  /** The id of the administrator for whom it stands. */
  readonly admin: number | null
  readonly verifier: string | null
  readonly callbackUrl: string | null
  readonly isRevoked: boolean
  /** Whether it is revoked here though it was of use in Magento: its administrator is inactive, or nobody authorized it. */
  readonly isRefused: boolean
  readonly created: Date
}

/** The kinds of callers that REST knows. */
const USER_TYPES: ReadonlySet<string> = new Set(['guest', 'customer', 'admin'])

type Tables = (table: SmallTable) => readonly NamedRow[]

/** The length of keys, tokens and secrets of OAuth. */
const CREDENTIAL_LENGTH = 32

/** Reads who may use a shop's API from its small tables. */
export function shopAccess(tables: Tables): ShopAccess {
  const roles = rolesIn(tables)
  return {
    roles: [...roles.values()],
    users: usersIn(tables, roles),
    consumers: consumersIn(tables),
    tokens: tokensIn(tables),
    rest: restRolesIn(tables),
  }
}

/** Returns the roles by their ids. Two of one name get their id behind it. */
function rolesIn(tables: Tables): ReadonlyMap<string, ShopRole> {
  const groups = tables('api_role').filter((row) => row.role_type === 'G')
  const rules = new Map<string, Map<string, boolean>>()
  // Of several rules for one resource, the last counts.
  for (const row of byNumber(tables('api_rule'), 'rule_id')) {
    const role = row.role_id ?? ''
    const ofRole = rules.get(role) ?? new Map<string, boolean>()
    ofRole.set(row.resource_id ?? '', row.api_permission === 'allow')
    rules.set(role, ofRole)
  }
  const names = new Set<string>()
  return new Map(
    groups.map((row) => {
      const id = row.role_id ?? ''
      const name = freeName(row.role_name ?? '', id, names)
      const ofRole = [...inheritedRules(row, groups, rules)]
      const resources = ofRole.filter(([, isAllowed]) => isAllowed).map(([resource]) => resource)
      return [id, { name, resources }]
    }),
  )
}

/** Returns the rules of a role over those of the role that it stands below. */
function inheritedRules(
  role: NamedRow,
  roles: readonly NamedRow[],
  rules: ReadonlyMap<string, ReadonlyMap<string, boolean>>,
  below: readonly NamedRow[] = [],
): ReadonlyMap<string, boolean> {
  const own = rules.get(role.role_id ?? '') ?? []
  const parent = roles.find(({ role_id }) => role_id === role.parent_id)
  // A circle, which only a damaged shop has, ends where it began.
  if (!parent || below.includes(parent)) return new Map(own)
  return new Map([...inheritedRules(parent, roles, rules, [...below, role]), ...own])
}

/** A user with several roles has that of the last by its level in the tree, and then by the order of rows. */
function usersIn(tables: Tables, roles: ReadonlyMap<string, ShopRole>): readonly ShopUser[] {
  const assigned = byNumber(tables('api_role'), 'role_id')
    .filter((row) => row.role_type === 'U')
    .sort((one, other) => number(one.tree_level) - number(other.tree_level))
  return byNumber(tables('api_user'), 'user_id').map((row) => {
    const own = assigned.filter((role) => role.user_id === row.user_id).at(-1)
    return {
      username: row.username ?? '',
      keyHash: row.api_key ?? '',
      active: row.is_active === '1',
      role: (own && roles.get(own.parent_id ?? '')?.name) ?? null,
    }
  })
}

function consumersIn(tables: Tables): readonly ShopConsumer[] {
  return byNumber(tables('oauth_consumer'), 'entity_id').map((row) => ({
    key: row.key ?? '',
    secret: row.secret ?? '',
    name: row.name ?? '',
    callbackUrl: row.callback_url || null,
  }))
}

/** Rules and attributes of what does not exist are left out. */
function restRolesIn(tables: Tables): ShopRestRoles {
  const roles = tables('api2_acl_role').map((row) => ({
    id: number(row.entity_id),
    name: row.role_name ?? '',
  }))
  const ids = new Set(roles.map(({ id }) => id))
  const roleOf = new Map(tables('api2_acl_user').map((row) => [row.admin_id, number(row.role_id)]))
  return {
    roles,
    rules: tables('api2_acl_rule')
      .map((row) => ({
        role: number(row.role_id),
        resource: row.resource_id ?? '',
        privilege: row.privilege || null,
      }))
      .filter(({ role }) => ids.has(role)),
    attributes: tables('api2_acl_attribute')
      .map((row) => ({
        userType: row.user_type ?? '',
        resource: row.resource_id ?? '',
        operation: row.operation ?? '',
        allowed: row.allowed_attributes ?? null,
      }))
      .filter(({ userType }) => USER_TYPES.has(userType)),
    admins: tables('admin_user').map((row) => {
      const role = roleOf.get(row.user_id ?? '')
      return {
        id: number(row.user_id),
        username: row.username ?? '',
        active: row.is_active === '1',
        role: role !== undefined && ids.has(role) ? role : null,
      }
    }),
  }
}

function tokensIn(tables: Tables): readonly ShopToken[] {
  const consumers = new Map(tables('oauth_consumer').map((row) => [row.entity_id, row.key ?? '']))
  const admins = new Map(tables('admin_user').map((row) => [row.user_id, row.is_active === '1']))
  return byNumber(tables('oauth_token'), 'entity_id').flatMap((row): readonly ShopToken[] => {
    const consumer = consumers.get(row.consumer_id ?? '')
    const kind = row.type === 'access' ? 'access' : 'request'
    const user = row.admin_id ? 'admin' : row.customer_id ? 'customer' : null
    if (consumer === undefined || (kind === 'access' && user === null)) return []
    const isOfInactive = user === 'admin' && admins.get(row.admin_id ?? '') !== true
    const isUnauthorized = kind === 'access' && row.authorized !== '1'
    const isRevoked = row.revoked === '1'
    return [
      {
        consumer,
        kind,
        token: row.token ?? '',
        secret: row.secret ?? '',
        user: kind === 'access' || row.authorized === '1' ? user : null,
        admin: user === 'admin' && admins.has(row.admin_id ?? '') ? number(row.admin_id) : null,
        verifier: row.verifier || null,
        callbackUrl: row.callback_url || null,
        isRevoked: isRevoked || isOfInactive || isUnauthorized,
        isRefused: !isRevoked && (isOfInactive || isUnauthorized),
        created: dateOf(row.created_at),
      },
    ]
  })
}

/** Whether a consumer or token has the form that OAuth's columns hold. */
export function isCredential(text: string): boolean {
  return Buffer.byteLength(text) === CREDENTIAL_LENGTH
}

/** Reads a time, which Magento stores in UTC. A zero date is the beginning of time. */
function dateOf(text: string | null | undefined): Date {
  const date = new Date(`${(text ?? '').replace(' ', 'T')}Z`)
  return Number.isNaN(date.getTime()) ? new Date(0) : date
}

function byNumber(rows: readonly NamedRow[], column: string): readonly NamedRow[] {
  return [...rows].sort((one, other) => Number(one[column] ?? 0) - Number(other[column] ?? 0))
}
