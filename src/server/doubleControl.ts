import type { ControlOperation } from '../control/operation'
import { clockOperations } from '../control/operations/clock'
import { faultOperations } from '../control/operations/faults'
import { journalOperations } from '../control/operations/journalOperations'
import { ruleOperations } from '../control/operations/rules'
import { type Seeding, seedOperations } from '../control/operations/seed'
import { snapshotOperations } from '../control/operations/snapshots'
import { stateOperations } from '../control/operations/state'
import { ByteSweep } from '../double/byteSweep'
import type { Double } from '../double/double'
import { ResetPoint } from '../double/resetPoint'
import { PostgresStoredRows } from '../store/galleries/storedRows'
import { PostgresAdministration } from '../store/shop/administration'
import { applySeed, replaceBySeed, type Seed, seedSchema } from '../store/shop/seed'
import { PostgresSnapshots } from '../store/shop/snapshots'
import { version } from '../version'
import type { Foundation } from './foundation'
import type { Parts } from './parts'

/** The operations that only the control API of a double has, and what they control. */
export interface DoubleControl {
  readonly operations: readonly ControlOperation[]
  /** Makes the current rows the state to which resets return. */
  setResetPoint(): Promise<void>
  close(): Promise<void>
}

/** Opens the snapshots, sets the first reset point, and returns the double's operations. */
export async function openControl(
  foundation: Foundation,
  parts: Pick<Parts, 'storeViews' | 'variants'>,
  double: Double,
): Promise<DoubleControl> {
  const { settings, storage } = foundation
  const { database, secretBox } = storage
  const onRestored = () => parts.storeViews.forget()
  const snapshots = await PostgresSnapshots.open(database, onRestored)
  const sweep = settings.memory ? byteSweepOf(foundation, parts, snapshots) : null
  const resetPoint = new ResetPoint({ snapshots, double, onReset: () => sweep?.start() })
  await resetPoint.set()
  const administration = new PostgresAdministration(database, secretBox)
  const seeding: Seeding<Seed> = {
    form: seedSchema,
    add: (seed) => applySeed(database, seed, secretBox),
    async replace(seed) {
      await replaceBySeed(database, seed, secretBox)
      onRestored()
      await resetPoint.set()
    },
  }
  return {
    operations: [
      ...stateOperations({ version: version(), double, administration, snapshots, resetPoint }),
      ...seedOperations(seeding),
      ...snapshotOperations(snapshots),
      ...clockOperations(double.clock),
      ...ruleOperations(double.rules),
      ...faultOperations(),
      ...journalOperations(double.journal),
    ],
    setResetPoint: () => resetPoint.set(),
    async close() {
      await sweep?.stop()
      await snapshots.close()
    },
  }
}

/** Returns the sweep of bytes in memory. Bytes on a disk or in a bucket are left to `keepsake gc`. */
function byteSweepOf(
  { storage: { database, images }, log }: Foundation,
  { variants }: Pick<Parts, 'variants'>,
  snapshots: PostgresSnapshots,
): ByteSweep {
  const rows = new PostgresStoredRows(database)
  return new ByteSweep({
    images,
    async needed(storageKeys) {
      const [now, kept] = [await rows.known(storageKeys), await snapshots.storageKeys()]
      return new Set(storageKeys.filter((key) => now.has(key) || kept.has(key)))
    },
    dropOutdated: async () => void (await variants.dropOutdated()),
    log,
  })
}
