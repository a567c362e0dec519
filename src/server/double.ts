import { globalFaults } from '../api/faults'
import type { Operation } from '../api/operations'
import { OPERATION_NAMES } from '../api/operationTable'
import type { Accounts } from '../api/ports'
import type { Galleries } from '../catalog/ports'
import type { CallInterceptor, ExchangeWatcher } from '../contract/interception'
import type { Log } from '../contract/log'
import type { Resource } from '../contract/method'
import type { ControlOperation } from '../control/operation'
import { clockOperations } from '../control/operations/clock'
import { faultOperations } from '../control/operations/faults'
import { journalOperations } from '../control/operations/journalOperations'
import { ruleOperations } from '../control/operations/rules'
import { type Seeding, seedOperations } from '../control/operations/seed'
import { snapshotOperations } from '../control/operations/snapshots'
import { stateOperations } from '../control/operations/state'
import { ByteSweep } from '../double/byteSweep'
import { AdjustableClock } from '../double/clock'
import { Double } from '../double/double'
import { SessionIds } from '../double/ids'
import { interceptedOperations, interceptedResource, isIntercepted } from '../double/intercepted'
import { LooseGalleries, type LooseMode, looseAccounts, looseAuthenticate } from '../double/loose'
import { ResetPoint } from '../double/resetPoint'
import { ForcedAnswers } from '../double/rules/forcedAnswers'
import { MagicSkus } from '../double/rules/magicSku'
import { MethodNames } from '../double/rules/methodNames'
import { Rules } from '../double/rules/rules'
import type { ImageDecoder } from '../images/decoding/imageDecoder'
import type { Authenticate } from '../oauth/authentication'
import type { Settings } from '../settings/settings'
import type { Database } from '../store/database/database'
import { PostgresGalleries } from '../store/galleries/galleries'
import { PostgresStoredRows } from '../store/galleries/storedRows'
import { PostgresAdministration } from '../store/shop/administration'
import { PostgresLooseShop } from '../store/shop/looseShop'
import { applySeed, replaceBySeed, type Seed, seedSchema } from '../store/shop/seed'
import { PostgresSnapshots } from '../store/shop/snapshots'
import { PostgresStoreViews } from '../store/shop/storeViews'
import { version } from '../version'
import { journalOf } from './journal'
import type { Storage } from './storage'

/** What stands around the parts of a server. */
export interface Surroundings {
  readonly now: () => Date
  readonly newSessionId?: () => string
  galleries(galleries: Galleries): Galleries
  accounts(accounts: Accounts): Accounts
  authenticate(authenticate: Authenticate): Authenticate
  interception(resource: Resource): Interception
}

/** What stands before and behind the calls of a resource and of the operations. */
export interface Interception {
  /** Absent from a server that is no test double. */
  readonly double?: Double
  readonly interceptor?: CallInterceptor
  readonly exchanges?: ExchangeWatcher
  readonly resource: Resource
  operations<Name extends string>(
    operations: Readonly<Record<Name, Operation>>,
  ): Readonly<Record<Name, Operation>>
  /** Lets go of whoever waits, so that the server can stop. */
  close(): void
}

/** What a test double is told by. */
export interface SurroundedParts {
  readonly database: Database
  readonly decoder: ImageDecoder
  readonly log: Log
}

/** A test double, or next to nothing. */
export function surroundingsOf(settings: Settings, parts: SurroundedParts): Surroundings {
  return settings.double || settings.controlToken !== null ? ofDouble(settings, parts) : ofOthers(settings)
}

function ofOthers({ magicSkus }: Settings): Surroundings {
  return {
    now: () => new Date(),
    galleries: (galleries) => galleries,
    accounts: (accounts) => accounts,
    authenticate: (authenticate) => authenticate,
    interception: (resource) => (magicSkus ? magicInterception(resource) : notIntercepted(resource)),
  }
}

function notIntercepted(resource: Resource): Interception {
  return { resource, operations: (operations) => operations, close: () => undefined }
}

function magicInterception(resource: Resource): Interception {
  const answers = forcedAnswers(resource)
  const interceptor = new MagicSkus(answers)
  return {
    interceptor,
    // Answers can be spoilt, but nothing is kept of them.
    exchanges: { ended: () => undefined },
    resource: interceptedResource(resource, interceptor),
    operations: (operations) => interceptedOperations(operations, interceptor),
    close: () => answers.endWaits(),
  }
}

function forcedAnswers(resource: Resource): ForcedAnswers {
  return new ForcedAnswers([globalFaults, resource.faults])
}

function ofDouble(settings: Settings, parts: SurroundedParts): Surroundings {
  const { database } = parts
  const clock = new AdjustableClock()
  const ids = new SessionIds(settings.deterministicIds)
  const mode: LooseMode = { isLoose: settings.loose }
  const shop = new PostgresLooseShop(database)
  return {
    now: clock.now,
    newSessionId: ids.next,
    galleries: (galleries) => new LooseGalleries(galleries, shop, mode),
    accounts: (accounts) => looseAccounts(accounts, shop, mode),
    authenticate: (authenticate) => looseAuthenticate(authenticate, mode),
    interception(resource) {
      const rules = rulesOf(database, resource)
      const journal = journalOf(
        {
          ...parts,
          resources: [resource],
          now: clock.now,
          ruleName: (id) => rules.find(id)?.name ?? null,
        },
        settings,
      )
      const double = new Double({
        clock,
        ids,
        mode,
        journal,
        rules,
        answers: forcedAnswers(resource),
        magicSkus: settings.magicSkus,
      })
      return {
        double,
        interceptor: double,
        exchanges: double,
        resource: interceptedResource(resource, double),
        operations: (operations) => interceptedOperations(operations, double),
        close: () => double.close(),
      }
    },
  }
}

/** What a rule looks up never makes a product, be the double loose. */
function rulesOf(database: Database, resource: Resource): Rules {
  return new Rules({
    methods: new MethodNames([resource], OPERATION_NAMES.filter(isIntercepted)),
    galleries: new PostgresGalleries(database),
    storeViews: new PostgresStoreViews(database),
  })
}

/** What the control API of a double can do beyond that of any other server, and what it is a control of. */
export interface DoubleControl {
  readonly operations: readonly ControlOperation[]
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

/** Opens the snapshots, with the first point to go back to, and puts its operations together. */
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
