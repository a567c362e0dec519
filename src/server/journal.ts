import { Explainer } from '../double/explain/explain'
import { Journal } from '../double/journal/journal'
import { PostgresInspection } from '../store/shop/inspection'
import { UnreadableText, xmlText } from '../text/xml/charset'
import { RESOURCES } from './api'
import type { Foundation } from './foundation'

/** What the reasons in a journal come from, beside the rows. */
export interface JournalSource {
  readonly now: () => Date
  /** What the rule with this id is called; null for one without a name. */
  readonly ruleName: (id: string) => string | null
}

/** The journal of a test double, which asks the rows why something failed. */
export function journalOf(
  { settings, storage: { database }, decoder, log }: Foundation,
  { now, ruleName }: JournalSource,
): Journal {
  const explainer = new Explainer({
    inspection: new PostgresInspection(database, (bytes) => decoder.problemOf(bytes)),
    resources: RESOURCES,
    sessionLifetimeSeconds: settings.sessionLifetime,
    now,
    ruleName,
  })
  return new Journal({
    size: settings.journalSize,
    bytes: settings.journalBytes,
    readText,
    explain: (ended, secrets) => explainer.explain(ended, secrets),
    log,
  })
}

/** A body as the dialects of XML read it, which is UTF-8 for those of JSON too. */
function readText(body: Buffer): string | null {
  try {
    return [...xmlText(body)].join('')
  } catch (thrown) {
    if (thrown instanceof UnreadableText) return null
    throw thrown
  }
}
