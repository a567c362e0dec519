import type { Storage } from '../server/storage'
import type { Settings } from '../settings/settings'
import { CommandError } from './commandError'
import { createLogger } from './logger'
import { openProcessStorage } from './processStorage'

/** Runs a command with the storage that the settings name, and closes it afterwards. */
export async function withStorage<T>(settings: Settings, work: (storage: Storage) => Promise<T>): Promise<T> {
  const isForgotten = settings.memory && settings.databaseUrl === null
  if (isForgotten)
    throw new CommandError('KEEPSAKE_MEMORY is set: what this command changes would be gone when it ends')
  const log = createLogger(settings)
  const storage = await openProcessStorage(settings, log)
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

/** Writes a line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Writes rows as aligned columns, below their header unless they continue a table. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { isContinued } = { isContinued: false },
): void {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of isContinued ? rows : [header, ...rows]) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}
