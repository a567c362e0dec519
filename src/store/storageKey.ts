/** What a storage key may look like: two directories and a file, none of which can lead out of the store. */
const STORAGE_KEY = /^\/[A-Za-z0-9_-]\/[A-Za-z0-9_-]\/[A-Za-z0-9_.-]+~[A-Za-z0-9]+\.[a-z]+$/

export function isStorageKey(text: string): boolean {
  return STORAGE_KEY.test(text)
}

/** Answers the key again. @throws for a text that is none, before it reaches a path or a URL */
export function requireStorageKey(key: string): string {
  if (!isStorageKey(key)) throw new Error('not a storage key')
  return key
}
