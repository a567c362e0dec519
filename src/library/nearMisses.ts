import type { NearMiss } from './journalQueries'

/** Describes each near miss in one line: the call, and what differs. The text is empty if there are none. */
export function nearMissesText(nearMisses: readonly NearMiss[]): string {
  if (nearMisses.length === 0) return ''
  const lines = nearMisses.map(
    ({ entry: { id, protocol, method }, why }) => `\n  ${id}. ${method}, ${protocol}: ${why.join('; ')}`,
  )
  return `\nClosest:${lines.join('')}`
}
