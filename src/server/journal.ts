import type { Log } from '../contract/log'
import type { Resource } from '../contract/method'
import { Explainer } from '../double/explain/explain'
import { Journal } from '../double/journal/journal'
import type { ImageDecoder } from '../images/decoding/imageDecoder'
import type { Settings } from '../settings/settings'
import type { Database } from '../store/database/database'
import { PostgresInspection } from '../store/shop/inspection'
import { UnreadableText, xmlText } from '../text/xml/charset'

export interface JournalParts {
  readonly database: Database
  readonly decoder: ImageDecoder
  readonly resources: readonly Resource[]
  readonly now: () => Date
  /** What the rule with this id is called; null for one without a name. */
  readonly ruleName: (id: string) => string | null
  readonly log: Log
}

/** The journal of a test double, which asks the rows why something failed. */
export function journalOf(
  { database, decoder, resources, now, ruleName, log }: JournalParts,
  settings: Settings,
): Journal {
  const explainer = new Explainer({
    inspection: new PostgresInspection(database, (bytes) => decoder.problemOf(bytes)),
    resources,
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
