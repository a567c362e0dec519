import { isStorageKey } from '../catalog/fileName'

/** Answers the key again. @throws for a text that is none, before it reaches a path or a URL */
export function requireStorageKey(key: string): string {
  if (!isStorageKey(key)) throw new Error('not a storage key')
  return key
}
