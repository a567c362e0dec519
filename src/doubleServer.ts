import type { Router } from 'express'
import type { Galleries } from './catalog/ports'
import type { Log } from './contract/log'
import type { Resource } from './contract/method'
import type { Authenticate } from './contract/oauth'
import type { Accounts } from './contract/session'
import { ByteSweep } from './double/byteSweep'
import { Double } from './double/double'
import { interceptedOperations, interceptedResource, type Operation } from './double/intercepted'
import { LooseGalleries, looseAccounts, looseAuthenticate } from './double/loose'
import { ResetPoint } from './double/resetPoint'
import type { Settings } from './settings'
import type { Storage } from './storage'
import { PostgresAdministration } from './store/administration'
import type { Database } from './store/database'
import { PostgresLooseShop } from './store/looseShop'
import { applySeed, replaceBySeed, type Seed, seedSchema } from './store/seed'
import { PostgresSnapshots } from './store/snapshots'
import { PostgresStoredRows } from './store/storedRows'
import { version } from './version'
import { tokenAccess } from './wire/control/access'
import { administrationOperations } from './wire/control/administration'
import { clockOperations } from './wire/control/clock'
import { controlRoute } from './wire/control/route'
import { type Seeding, seedOperations } from './wire/control/seed'
import { snapshotOperations } from './wire/control/snapshots'
import { stateOperations } from './wire/control/state'

/** What stands around the parts of a server. */
export interface Surroundings {
  /** Absent from a server that is no test double. */
  readonly double?: Double
  readonly now: () => Date
  readonly newSessionId?: () => string
  galleries(galleries: Galleries): Galleries
  accounts(accounts: Accounts): Accounts
  authenticate(authenticate: Authenticate): Authenticate
  resource(resource: Resource): Resource
  operations<Name extends string>(
    operations: Readonly<Record<Name, Operation>>,
  ): Readonly<Record<Name, Operation>>
}

const NOTHING: Surroundings = {
  now: () => new Date(),
  galleries: (galleries) => galleries,
  accounts: (accounts) => accounts,
  authenticate: (authenticate) => authenticate,
  resource: (resource) => resource,
  operations: (operations) => operations,
}

/** Nothing, or a test double. */
export function surroundingsOf(settings: Settings, database: Database): Surroundings {
  if (!settings.double && settings.controlToken === null) return NOTHING
  const double = new Double(settings)
  const shop = new PostgresLooseShop(database)
  return {
    double,
    now: double.clock.now,
    newSessionId: double.ids.next,
    galleries: (galleries) => new LooseGalleries(galleries, shop, double.mode),
    accounts: (accounts) => looseAccounts(accounts, shop, double.mode),
    authenticate: (authenticate) => looseAuthenticate(authenticate, double.mode),
    resource: (resource) => interceptedResource(resource, double),
    operations: (operations) => interceptedOperations(operations, double),
  }
}

/** The control API of a double, and what it is a control of. */
export interface DoubleControl {
  readonly route: Router
  /** Lets resets go back to the rows as they are now. */
  setResetPoint(): Promise<void>
  close(): Promise<void>
}

export interface ControlParts {
  readonly double: Double
  readonly storage: Storage
  readonly settings: Settings
  readonly log: Log
  /** Called when any row may have changed. */
  readonly onRestored: () => void
  readonly dropOutdatedVariants: () => Promise<unknown>
}

/** Opens the snapshots, with the first point to go back to, and puts the control API together. */
export async function openControl(parts: ControlParts): Promise<DoubleControl> {
  const { double, storage, settings, onRestored } = parts
  const { database, secretBox } = storage
  const snapshots = await PostgresSnapshots.open(database, onRestored)
  const sweep = settings.memory ? byteSweepOf(parts, snapshots) : null
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
  const route = controlRoute({
    operations: [
      ...stateOperations({ version: version(), double, administration, snapshots, resetPoint }),
      ...seedOperations(seeding),
      ...snapshotOperations(snapshots),
      ...clockOperations(double.clock),
      ...administrationOperations(administration),
    ],
    access: tokenAccess(settings.controlToken),
    bodyLimit: settings.bodyLimit,
  })
  return {
    route,
    setResetPoint: () => resetPoint.set(),
    async close() {
      await sweep?.stop()
      await snapshots.close()
    },
  }
}

/** Bytes in memory end with the process; those on a disk or in a bucket are for `keepsake gc`. */
function byteSweepOf(
  { storage: { database, images }, dropOutdatedVariants, log }: ControlParts,
  snapshots: PostgresSnapshots,
): ByteSweep {
  const rows = new PostgresStoredRows(database)
  return new ByteSweep({
    images,
    async needed(storageKeys) {
      const [now, kept] = [await rows.known(storageKeys), await snapshots.storageKeys()]
      return new Set(storageKeys.filter((key) => now.has(key) || kept.has(key)))
    },
    dropOutdated: async () => void (await dropOutdatedVariants()),
    log,
  })
}
