import type { Caller } from '../../contract/caller'
import type { ValueMap } from '../../contract/value'
import type { Action } from './imageOperations'

/** What one caller may do with images, and which of their fields he sees and may give. */
export interface ImageRights {
  readonly actions: ReadonlySet<Action>
  /** Null for all. */
  readonly readable: ReadonlySet<string> | null
  /** Null for all. */
  readonly writable: ReadonlySet<string> | null
}

/** Tells the rights of who has signed a request. */
export interface ImageRightsSource {
  /** @param token the access token; null for a guest */
  rightsOf(caller: Caller, token: string | null): Promise<ImageRights>
}

const READING: ReadonlySet<Action> = new Set(['retrieve'])
const EVERYTHING: ReadonlySet<Action> = new Set(['retrieve', 'create', 'update', 'remove'])

/** The actions by what Magento calls the right to them. */
const PRIVILEGES: ReadonlyMap<string, Action> = new Map([
  ['retrieve', 'retrieve'],
  ['create', 'create'],
  ['update', 'update'],
  ['delete', 'remove'],
])

/** The rights where no role says anything: all read, and administrators may do anything. */
export function rightsWithoutRoles(caller: Caller): ImageRights {
  return { actions: caller === 'admin' ? EVERYTHING : READING, readable: null, writable: null }
}

/** A rule of the caller's role, for the resource `all` or for that of images. */
export interface RestRule {
  readonly resource: string
  /** Null for all. */
  readonly privilege: string | null
}

/** Which fields of a resource a kind of callers may read or write. */
export interface AttributeRule {
  readonly resource: string
  /** `read`, `write`, or '' for both. */
  readonly operation: string
  /** Null for none. */
  readonly attributes: string | null
}

/**
 * Returns the rights that a role gives. Only administrators change images, whatever a role says, as Magento has no such
 * function for others.
 *
 * @param rules       those of the caller's role; none for an administrator who has no role
 * @param attributes  those of the kind of caller
 */
export function rightsOfRole(
  caller: Caller,
  rules: readonly RestRule[],
  attributes: readonly AttributeRule[],
): ImageRights {
  const given = rules.flatMap(({ resource, privilege }) =>
    resource === 'all' || privilege === null ? [...EVERYTHING] : (PRIVILEGES.get(privilege) ?? []),
  )
  const possible = caller === 'admin' ? EVERYTHING : READING
  return {
    actions: new Set(given.filter((action) => possible.has(action))),
    readable: fieldsFor('read', attributes),
    writable: fieldsFor('write', attributes),
  }
}

/** Returns the fields of which a right allows the reading, in their order. */
export function readablePart(image: ValueMap, { readable }: ImageRights): ValueMap {
  return readable ? new Map([...image].filter(([field]) => readable.has(field))) : image
}

/** Returns the fields that a right allows to give. Magento leaves out the others without a word. */
export function writablePart(data: ValueMap, { writable }: ImageRights): ValueMap {
  return writable ? new Map([...data].filter(([field]) => writable.has(field))) : data
}

function fieldsFor(operation: string, rules: readonly AttributeRule[]): ReadonlySet<string> | null {
  if (rules.some(({ resource }) => resource === 'all')) return null
  const lists = rules.filter((rule) => rule.operation === operation || rule.operation === '')
  return new Set(lists.flatMap(({ attributes }) => (attributes ?? '').split(',').map((name) => name.trim())))
}
