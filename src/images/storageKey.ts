import { isStorageKey } from '../catalog/fileName'

/** Returns the key. @throws for a text that is no storage key, before it becomes part of a path or a URL */
export function requireStorageKey(key: string): string {
  if (!isStorageKey(key)) throw new Error('not a storage key')
  return key
}
