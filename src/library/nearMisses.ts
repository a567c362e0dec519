import type { NearMiss } from './journalQueries'

/** What came close and in what it differed, a line each; empty for nothing. */
export function nearMissesText(nearMisses: readonly NearMiss[]): string {
  if (nearMisses.length === 0) return ''
  const lines = nearMisses.map(
    ({ entry: { id, protocol, method }, why }) => `\n  ${id}. ${method}, ${protocol}: ${why.join('; ')}`,
  )
  return `\nClosest:${lines.join('')}`
}
