import { Garbage } from '../catalog/upkeep/garbage'
import type { Settings } from '../settings/settings'
import { inTurnWithBackups } from '../store/backup/backupLock'
import { othersAtWork } from '../store/database/othersAtWork'
import { PostgresStoredRows } from '../store/galleries/storedRows'
import { CommandError } from './commandError'
import { MS_PER_HOUR } from './fsck'
import { print, printAside, printJson } from './terminal'
import { withStorage } from './withStorage'

export interface GcFlags {
  readonly delete?: boolean
  readonly grace: number
  readonly json?: boolean
}

interface Tally {
  files: number
  bytes: number
  readonly isDeleted: boolean
}

/** Lists files that no row needs, and deletes them when told to. @throws CommandError when uploads may be under way */
export async function gc(settings: Settings, flags: GcFlags): Promise<void> {
  const tally: Tally = { files: 0, bytes: 0, isDeleted: flags.delete === true }
  await withStorage(settings, async ({ database, images }) => {
    if (tally.isDeleted && flags.grace === 0 && (await othersAtWork(database)))
      throw new CommandError(
        '--grace 0 could delete an upload under way: stop the servers on this database first',
      )
    const garbage = new Garbage({ images, rows: new PostgresStoredRows(database) })
    const sweep = async () => {
      for await (const file of garbage.before(new Date(Date.now() - flags.grace * MS_PER_HOUR))) {
        const { key, size } = file
        if (tally.isDeleted) await garbage.delete(file)
        tally.files++
        tally.bytes += size
        if (flags.json) printJson({ key, size })
        else print(key)
      }
    }
    await (tally.isDeleted ? inTurnWithBackups(database, tellOfWait, sweep) : sweep())
  })
  if (flags.json) printJson({ summary: tally })
  else print(summaryOf(tally))
}

function tellOfWait(): void {
  printAside('keepsake: waits for a backup, or for another gc, to end')
}

function summaryOf({ files, bytes, isDeleted }: Tally): string {
  return isDeleted
    ? `Deleted ${files} files of ${bytes} bytes.`
    : `Found ${files} files of ${bytes} bytes; --delete deletes them.`
}
