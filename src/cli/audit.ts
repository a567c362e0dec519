import type { Settings } from '../settings/settings'
import {
  auditEntries,
  countOlderEntries,
  dropOlderEntries,
  type StoredAuditEntry,
} from '../store/galleries/auditRows'
import { print, printAside, printJson, printTable } from './terminal'
import { withStorage } from './withStorage'

export interface AuditFlags {
  readonly product?: string
  readonly user?: string
  readonly since?: Date
  readonly until?: Date
  readonly limit: number
  readonly json?: boolean
}

export interface PruneFlags {
  /** The age in days. */
  readonly olderThan: number
  readonly delete?: boolean
}

const MS_PER_DAY = 86_400_000

const HEADER = ['TIME', 'USER', 'FROM', 'VIA', 'ACTION', 'PRODUCT', 'STORE', 'IMAGE', 'CHANGES']

/** Prints who changed which image and when, the latest change first. */
export async function list(settings: Settings, flags: AuditFlags): Promise<void> {
  const { product: sku = null, user: author = null, since = null, until = null, limit } = flags
  await withStorage(settings, async ({ database }) => {
    let shown = 0
    for await (const page of auditEntries(database, { sku, author, since, until })) {
      printEntries(page.slice(0, Math.max(0, limit - shown)), flags, { isContinued: shown > 0 })
      shown += page.length
      if (shown <= limit) continue
      printAside(`These are the latest ${limit}; --limit shows more.`)
      return
    }
    if (shown === 0) printEntries([], flags, { isContinued: false })
  })
}

/** Counts the older changes, and deletes them when told to. */
export async function prune(settings: Settings, flags: PruneFlags): Promise<void> {
  const time = new Date(Date.now() - flags.olderThan * MS_PER_DAY)
  await withStorage(settings, async ({ database }) => {
    if (flags.delete) print(`Dropped ${await dropOlderEntries(database, time)} changes.`)
    else print(`Found ${await countOlderEntries(database, time)} changes; --delete drops them.`)
  })
}

function printEntries(
  entries: readonly StoredAuditEntry[],
  { json }: AuditFlags,
  continuation: { readonly isContinued: boolean },
): void {
  if (json) for (const entry of entries) printJson(entry)
  else printTable(HEADER, entries.map(rowOf), continuation)
}

function rowOf(entry: StoredAuditEntry): readonly string[] {
  const { time, clientAddress, protocol, action, sku, storeCode, path } = entry
  const cells = [
    authorIn(entry),
    clientAddress,
    protocol,
    action,
    sku ?? '-',
    storeCode,
    path,
    changesIn(entry),
  ]
  return [time.toISOString(), ...cells]
}

function authorIn({ user, consumer }: StoredAuditEntry): string {
  if (consumer === null) return user ?? '-'
  return user === null ? `consumer ${consumer}` : `${user} by ${consumer}`
}

/**
 * Returns the fields that the change gave, with their new values; of new bytes, the beginning of their hash.
 */
function changesIn({ label, position, exclude, types, sha256, replacedKey }: StoredAuditEntry): string {
  const fields = [
    label !== null && `label=${JSON.stringify(label)}`,
    position !== null && `position=${position}`,
    exclude !== null && `exclude=${exclude}`,
    types !== null && `types=${types.join(',') || 'none'}`,
    sha256 !== null &&
      `file=${sha256.slice(0, 12)}${replacedKey === null ? '' : ` replacing ${replacedKey}`}`,
  ]
  return fields.filter((field) => field !== false).join(' ') || '-'
}
