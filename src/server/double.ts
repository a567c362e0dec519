import { OPERATION_NAMES } from '../api/operationTable'
import { AdjustableClock } from '../double/clock'
import { Double } from '../double/double'
import { SessionIds } from '../double/ids'
import { isIntercepted } from '../double/intercepted'
import { LooseGalleries, type LooseMode, looseAccounts, looseAuthenticate } from '../double/loose'
import { MethodNames } from '../double/rules/methodNames'
import { Rules } from '../double/rules/rules'
import type { Settings } from '../settings/settings'
import { PostgresLooseShop } from '../store/shop/looseShop'
import { resourcesOf } from './api'
import { type DoubleControl, openControl } from './doubleControl'
import type { Foundation } from './foundation'
import { forcedAnswers } from './interception'
import { journalOf } from './journal'
import { openParts, type Parts } from './parts'

/** Tells whether the settings ask for a test double. */
export function isDouble({ double, controlToken }: Settings): boolean {
  return double || controlToken !== null
}

/** A test double: the parts of a server, some of them wrapped, and its controls. */
export interface OpenDouble {
  readonly parts: Parts
  readonly control: DoubleControl
}

/** Opens the parts of any server, and wraps them for the double. */
export async function openDouble(foundation: Foundation): Promise<OpenDouble> {
  const { settings, storage } = foundation
  const clock = new AdjustableClock()
  const ids = new SessionIds(settings.deterministicIds)
  const mode: LooseMode = { isLoose: settings.loose }
  const parts = openParts(foundation, { now: clock.now, newSessionId: ids.next })
  const rules = rulesOf(foundation, parts)
  const ruleName = (id: string) => rules.find(id)?.name ?? null
  const double = new Double({
    clock,
    ids,
    mode,
    journal: journalOf(foundation, { now: clock.now, ruleName }),
    rules,
    answers: forcedAnswers(),
    magicSkus: settings.magicSkus,
  })
  const shop = new PostgresLooseShop(storage.database)
  return {
    parts: {
      ...parts,
      galleries: new LooseGalleries(parts.galleries, shop, mode),
      accounts: looseAccounts(parts.accounts, shop, mode),
      authenticate: looseAuthenticate(parts.authenticate, mode),
      interception: { interceptor: double, exchanges: double, close: () => double.close() },
    },
    control: await openControl(foundation, parts, double),
  }
}

/** Returns the rules. Their look-ups never create a product, even when the double is loose. */
function rulesOf({ settings }: Foundation, { galleries, storeViews }: Parts): Rules {
  const methods = new MethodNames(resourcesOf(settings), OPERATION_NAMES.filter(isIntercepted))
  return new Rules({ methods, galleries, storeViews })
}
