import type { JournalEntry } from '../../kit/shapes.js'

/** Which calls are shown; an empty text lets all through. */
export interface Filter {
  /** Empty for all that are calls: files that are fetched are shown only when asked for. */
  readonly protocol: string
  /** A part of the method, the user, an argument or the fault's text. */
  readonly text: string
  readonly faultsOnly: boolean
}

export const EVERYTHING: Filter = { protocol: '', text: '', faultsOnly: false }

const NO_CALLS: ReadonlySet<string> = new Set(['media', 'other'])

export function passes({ protocol, text, faultsOnly }: Filter, entry: JournalEntry): boolean {
  if (protocol === '' ? NO_CALLS.has(entry.protocol) : entry.protocol !== protocol) return false
  if (faultsOnly && entry.fault === null && entry.spoilt === null && entry.status < 400) return false
  return text === '' || textOf(entry).includes(text.toLowerCase())
}

function textOf(entry: JournalEntry): string {
  const calls = entry.calls.flatMap(({ path, arguments: given }) => [path, JSON.stringify(given)])
  return [entry.method, entry.user, entry.fault?.message, ...calls].join(' ').toLowerCase()
}
