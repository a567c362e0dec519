import { setTimeout as sleep } from 'node:timers/promises'
import { type Finding, StoreCheck } from '../catalog/upkeep/storeCheck'
import type { Storage } from '../server/storage'
import { decoderOf, imageVariantsOf } from '../server/variants'
import type { Settings } from '../settings/settings'
import { PostgresStoredRows } from '../store/galleries/storedRows'
import { PostgresVariants } from '../store/galleries/variants'
import { progressOf } from './progress'
import { print, printJson } from './terminal'
import { withStorage } from './withStorage'

export interface FsckFlags {
  readonly repair?: boolean
  readonly grace: number
  readonly json?: boolean
}

export const MS_PER_HOUR = 3_600_000
/** How long an upload may take, in milliseconds, to write its row after its bytes. */
const SETTLE_MS = 2000

interface Tally {
  rows: number
  found: number
  repaired: number
  /** Files whose MD5 was not known, and now is. */
  md5Noted: number
  /** Files that an import has not found: no loss. */
  missingSinceImport: number
}

/**
 * Prints the problems of the store, and repairs what can be made again. Exits with 1 while problems remain.
 */
export async function fsck(settings: Settings, flags: FsckFlags): Promise<void> {
  const tally = await withStorage(settings, (storage) => check(storage, settings, flags))
  if (flags.json) printJson({ summary: tally })
  else print(summaryOf(tally))
  if (tally.found > tally.repaired) process.exitCode = 1
}

async function check(storage: Storage, settings: Settings, flags: FsckFlags): Promise<Tally> {
  const { database, images } = storage
  const rows = new PostgresStoredRows(database)
  const variants = new PostgresVariants(database)
  const now = () => new Date()
  const storeCheck = new StoreCheck({ images, rows, now, settle: () => sleep(SETTLE_MS) })
  const tally: Tally = {
    rows: 0,
    found: 0,
    repaired: 0,
    md5Noted: 0,
    missingSinceImport: (await rows.absent()).missing,
  }
  const progress = progressOf(await rows.count(), 'rows')
  const onRow = () => {
    tally.rows++
    progress.advance()
  }
  try {
    const onMd5 = () => {
      tally.md5Noted++
    }
    const options = { graceMs: flags.grace * MS_PER_HOUR, onRow, ...(flags.repair && { onMd5 }) }
    for await (const finding of storeCheck.findings(options)) {
      const isRepaired = flags.repair === true && isRepairable(finding)
      if (isRepaired) await variants.outdateOne(finding.key)
      tally.found++
      if (isRepaired) tally.repaired++
      if (flags.json) printJson({ ...finding, isRepaired })
      else print(lineOf(finding, isRepaired))
    }
  } finally {
    progress.stop()
  }
  if (tally.repaired > 0) await imageVariantsOf(storage, settings, decoderOf(settings)).dropOutdated()
  return tally
}

/**
 * Tells whether a problem can be repaired: a variant is made again on request, but a file that a client has
 * sent cannot be.
 */
function isRepairable(finding: Finding): boolean {
  return 'isVariant' in finding && finding.isVariant
}

function lineOf(finding: Finding, isRepaired: boolean): string {
  const owner = 'path' in finding ? ` of ${finding.isVariant ? 'a variant of ' : ''}${finding.path}` : ''
  return `${finding.kind} ${finding.key}${owner}${isRepaired ? ', repaired' : ''}`
}

function summaryOf({ rows, found, repaired, md5Noted, missingSinceImport }: Tally): string {
  const findings = found === 0 ? 'nothing is wrong' : `${found} findings, ${repaired} of them repaired`
  const noted = md5Noted === 0 ? '' : ` The MD5 of ${md5Noted} files was not known, and is now.`
  const missing =
    missingSinceImport === 0
      ? ''
      : ` ${missingSinceImport} files are missing since the import: an update with bytes heals each.`
  return `Checked ${rows} rows and their files: ${findings}.${noted}${missing}`
}
