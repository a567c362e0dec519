import { type Database, onlyRow } from '../database/database'

/** Any number, the same in every process: who holds it backs up, or deletes bytes. */
const BACKUP_LOCK = 0x6b656271n
/** A backup of a large shop may take hours, and so may the one that waits for it. */
const LONGEST_WAIT_MS = 24 * 3_600_000

const isHeld = {
  name: 'backup_lock_is_held',
  text: `
    SELECT EXISTS (
      SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
       WHERE datname = current_database() AND locktype = 'advisory' AND granted
         AND objid = ${BACKUP_LOCK} AND classid = 0) AS held`,
}

/**
 * Runs what copies all bytes, or what deletes some: never both at once, on whichever machines. It waits for its turn, for a
 * day at most. The embedded database has one process, which is in turn by being there.
 *
 * @param onWait called when it has to wait
 * @throws LockNotGiven
 */
export async function inTurnWithBackups<T>(
  database: Database,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const { held } = onlyRow(await database.query<{ held: boolean }>(isHeld))
  if (held) onWait()
  return database.exclusivelyAmongProcesses(BACKUP_LOCK, work, LONGEST_WAIT_MS)
}
