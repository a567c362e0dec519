import { Garbage } from '../catalog/upkeep/garbage'
import { removedFiles } from '../catalog/upkeep/removedFiles'
import { decoderOf, imageVariantsOf } from '../server/variants'
import type { Settings } from '../settings/settings'
import { inTurnWithBackups } from '../store/backup/backupLock'
import { othersAtWork } from '../store/database/othersAtWork'
import { PostgresRemovedFiles } from '../store/galleries/removedFiles'
import { PostgresStoredRows } from '../store/galleries/storedRows'
import { CommandError } from './commandError'
import { MS_PER_HOUR } from './fsck'
import { print, printAside, printJson } from './terminal'
import { withStorage } from './withStorage'

export interface GcFlags {
  readonly delete?: boolean
  readonly grace: number
  /** Days after which the file of a removed image is unneeded; without it, none is. */
  readonly removed?: number
  readonly json?: boolean
}

const MS_PER_DAY = 24 * MS_PER_HOUR

interface Tally {
  files: number
  bytes: number
  readonly isDeleted: boolean
  /** Removed images whose files were given up; missing where none could be. */
  givenUp?: number
}

/** Lists files that no row needs, and deletes them when told to. @throws CommandError when uploads may be under way */
export async function gc(settings: Settings, flags: GcFlags): Promise<void> {
  const tally: Tally = { files: 0, bytes: 0, isDeleted: flags.delete === true }
  await withStorage(settings, async (storage) => {
    const { database, images } = storage
    if (tally.isDeleted && flags.grace === 0 && (await othersAtWork(database)))
      throw new CommandError(
        '--grace 0 could delete an upload under way: stop the servers on this database first',
      )
    const garbage = new Garbage({ images, rows: new PostgresStoredRows(database) })
    const removedBefore =
      flags.removed === undefined ? null : new Date(Date.now() - flags.removed * MS_PER_DAY)
    const removed = new PostgresRemovedFiles(database)
    const show = (key: string, size: number) => {
      tally.files++
      tally.bytes += size
      if (flags.json) printJson({ key, size })
      else print(key)
    }
    const listRemoved = async (before: Date) => {
      for await (const { key, size } of removedFiles(removed, before)) show(key, size)
    }
    const sweep = async () => {
      if (removedBefore && tally.isDeleted) {
        tally.givenUp = await removed.giveUp(removedBefore)
        await imageVariantsOf(storage, settings, decoderOf(settings)).dropOutdated()
      } else if (removedBefore) await listRemoved(removedBefore)
      for await (const file of garbage.before(new Date(Date.now() - flags.grace * MS_PER_HOUR))) {
        if (tally.isDeleted) await garbage.delete(file)
        show(file.key, file.size)
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

function summaryOf({ files, bytes, isDeleted, givenUp = 0 }: Tally): string {
  const given =
    givenUp === 0
      ? ''
      : `Gave up the files of ${givenUp} removed images, which go when their grace period is over. `
  return isDeleted
    ? `${given}Deleted ${files} files of ${bytes} bytes.`
    : `Found ${files} files of ${bytes} bytes; --delete deletes them.`
}
