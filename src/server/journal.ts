import { Explainer } from '../double/explain/explain'
import { Journal } from '../double/journal/journal'
import { PostgresInspection } from '../store/shop/inspection'
import { UnreadableText, xmlText } from '../text/xml/charset'
import { resourcesOf } from './api'
import type { Foundation } from './foundation'
import { profileOf } from './profiles'

/** The sources of a journal's explanations, beside the rows. */
export interface JournalSource {
  readonly now: () => Date
  /** Returns the name of the rule with this id; null for a rule without one. */
  readonly ruleName: (id: string) => string | null
}

/** Returns the journal of a test double, which explains failures by the rows. */
export function journalOf(
  { settings, storage: { database }, decoder, log }: Foundation,
  { now, ruleName }: JournalSource,
): Journal {
  const explainer = new Explainer({
    inspection: new PostgresInspection(database, profileOf(settings).images.extensions, (bytes) =>
      decoder.problemOf(bytes),
    ),
    resources: resourcesOf(settings),
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

/** Returns a body as text, decoded like XML. This decodes JSON as well, which is UTF-8. */
function readText(body: Buffer): string | null {
  try {
    return [...xmlText(body)].join('')
  } catch (thrown) {
    if (thrown instanceof UnreadableText) return null
    throw thrown
  }
}
