import { type Database, onlyRow } from '../database/database'

/**
 * An arbitrary number, the same in every process. A process that holds this lock may back up or delete bytes.
 */
const BACKUP_LOCK = 0x6b656271n
/** A backup of a large shop may take hours, and so may the wait for it. */
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
 * Runs work that copies all bytes, or that deletes some: never both at the same time, on any machine. It
 * waits for its turn, for a day at most. The embedded database has only one process, which never has to wait.
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
