import type { JournalEntry } from '../../kit/shapes.js'

/** Says which entries are shown. Those that meet both conditions are. */
export interface Filter {
  /**
   * The protocol. An empty text means every protocol of calls; requests for files are shown only if they are chosen.
   */
  readonly protocol: string
  /** A part of the method, the user, an argument or the fault's text. An empty text means all entries. */
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
