import type {
  AttributeSetChange,
  ListedAttributeSet,
  ListedConsumer,
  ListedMediaAttribute,
  ListedProduct,
  ListedStoreView,
  ListedUser,
  MediaAttributeChange,
  ProductChange,
  SavedUser,
  StoreViewChange,
  UserChange,
} from '../control/ports'
import type { ForcedAnswer, Rule, RuleConditions } from '../double/rules/rule'
import { askControl, ControlRefusal, type ControlRequest } from './controlRequest'
import type {
  CallMatch,
  HowOften,
  JournalEntry,
  JournalQuery,
  NearMiss,
  Recording,
  Verdict,
} from './journalQueries'
import { KeepsakeError } from './keepsakeError'
import { nearMissesText } from './nearMisses'
import type { SeedFile } from './seedFile'

/**
 * Sets up, watches and resets a running server. Each method throws a {@link ControlRefusal} when the server refuses it.
 *
 * @example
 * await keepsake.control.rules.add({ when: { method: 'create', nth: 2 }, answer: { fault: 104 } })
 */
export interface Control {
  /**
   * Restores the shop as it was at the start, removes all rules, empties the journal and resets the clock. Snapshots
   * stay.
   */
  reset(): Promise<void>
  /** Saves the shop as it is now under this name, and replaces an earlier snapshot of the same name. */
  snapshot(name: string): Promise<void>
  /** Restores the shop from the snapshot of this name. Rules, journal and clock stay. */
  restore(name: string): Promise<void>
  /**
   * Adds the contents of a seed to the shop.
   *
   * @param options.reset if true, empties the shop first, and later resets restore this seed; false by default
   */
  seed(seed: SeedFile, options?: { readonly reset?: boolean }): Promise<void>
  readonly products: {
    /**
     * Lists products in the order of their ids.
     *
     * @param query.search selects the SKUs that contain this text, in any case, with or without accents; all by default
     * @param query.limit the largest number of products, 1 to 1000; 100 by default
     */
    list(query?: { readonly search?: string; readonly limit?: number }): Promise<readonly ListedProduct[]>
    /** Creates the product, or changes it if the SKU exists. */
    put(sku: string, change?: ProductChange): Promise<ListedProduct>
  }
  readonly stores: {
    /** Lists all store views; id 0 is the default scope. */
    list(): Promise<readonly ListedStoreView[]>
    /** Creates the store view, or changes it if the code exists. */
    put(code: string, change?: StoreViewChange): Promise<ListedStoreView>
  }
  readonly users: {
    /** Lists all API users. */
    list(): Promise<readonly ListedUser[]>
    /** Creates the API user, or changes it if the name exists. A generated key is returned by this call alone. */
    put(username: string, change?: UserChange): Promise<SavedUser>
  }
  readonly attributeSets: {
    /** Lists all attribute sets. */
    list(): Promise<readonly ListedAttributeSet[]>
    /** Creates the attribute set, or changes it if the name exists. */
    put(name: string, change: AttributeSetChange): Promise<ListedAttributeSet>
  }
  readonly mediaAttributes: {
    /** Lists all media attributes, which are the types of images. */
    list(): Promise<readonly ListedMediaAttribute[]>
    /** Creates the media attribute, or changes it if the code exists. */
    put(code: string, change?: MediaAttributeChange): Promise<ListedMediaAttribute>
  }
  readonly consumers: {
    /** Lists all OAuth consumers with their access tokens, without secrets. */
    list(): Promise<readonly ListedConsumer[]>
    /** Creates an OAuth consumer. Its secret is returned by this call alone. */
    add(consumer: { readonly name: string; readonly callback?: string }): Promise<KeyAndSecret>
    /** Creates an access token for a consumer. Its secret is returned by this call alone. */
    issueToken(consumerKey: string, type: 'admin' | 'customer'): Promise<TokenAndSecret>
    /** Revokes an access token. This cannot be undone. */
    revokeToken(token: string): Promise<void>
  }
  readonly rules: {
    /** Adds a rule. The server tries it after all existing rules. */
    add(rule: NewRule): Promise<Rule>
    /** Lists all rules in the order in which the server tries them. */
    list(): Promise<readonly Rule[]>
    /** Returns the rule with this id. */
    get(id: string): Promise<Rule>
    /** Replaces a rule. The new rule keeps the id and the place in the order, and counts its calls from zero. */
    replace(id: string, rule: NewRule): Promise<Rule>
    /** Removes the rule with this id. */
    remove(id: string): Promise<void>
    /** Removes all rules. */
    clear(): Promise<void>
  }
  readonly journal: {
    /** Lists entries, the newest last. */
    list(query?: JournalQuery): Promise<readonly JournalEntry[]>
    /** Returns the entry with this id. */
    get(id: number): Promise<JournalEntry>
    /**
     * Waits until enough matching calls were made, and returns their entries. Calls that were made before count too.
     *
     * @throws KeepsakeError that names the near misses, when the time is over
     * @example
     * await keepsake.control.journal.await({ method: 'create', product: 'Sku' }, { count: 2, timeoutSeconds: 5 })
     */
    await(match: CallMatch, options?: AwaitOptions): Promise<readonly JournalEntry[]>
    /** Checks how often matching calls were made. It does not throw when the check fails: look at `passed`. */
    verify(match: CallMatch, howOften?: HowOften): Promise<Verdict>
    /** Removes all entries; the ids begin at 1 again. */
    clear(): Promise<void>
    /**
     * Exports requests and answers as a recording that can be played again.
     *
     * @param options.since the id of an entry: only later entries are exported
     * @param options.scenario the name of the recording; `exported/journal` by default
     */
    export(options?: { readonly since?: number; readonly scenario?: string }): Promise<readonly Recording[]>
  }
  /** Chooses whether unknown products and users are created when a call names them (true), or refused (false). */
  setLoose(isLoose: boolean): Promise<void>
  /** Chooses whether session ids repeat in the same order after each reset (true), or are random (false). */
  setDeterministicIds(isDeterministic: boolean): Promise<void>
  /** The server's clock. Sessions expire by it, and the timestamps of OAuth signatures are checked against it. */
  readonly clock: {
    /** Returns the server's time. */
    now(): Promise<ClockState>
    /**
     * Sets the time.
     *
     * @param now a date, or a text that `new Date` accepts
     * @param options.fixed if true, the clock stands still from then on; false by default
     */
    set(now: Date | string, options?: { readonly fixed?: boolean }): Promise<ClockState>
    /** Moves the time forward by whole seconds. A clock that stood still goes on. */
    advance(seconds: number): Promise<ClockState>
    /** Returns to the real time. */
    reset(): Promise<void>
  }
}

/**
 * A rule for the server: which calls it is for, and what they are answered.
 *
 * @example
 * // The second upload fails with fault 104:
 * { when: { method: 'create', nth: 2 }, answer: { fault: 104 } }
 */
export interface NewRule {
  /** A name for people who read the rules. */
  readonly name?: string
  /** The calls that the rule is for; every call by default. */
  readonly when?: RuleConditions
  /** The answer to those calls. */
  readonly answer: ForcedAnswer
  /** The number of calls that the rule answers before it stops; no limit by default. */
  readonly times?: number
  /** Whether the rule is in force; true by default. */
  readonly enabled?: boolean
}

/** Says how many calls to wait for, and how long. */
export interface AwaitOptions {
  /** The number of calls to wait for; 1 by default. */
  readonly count?: number
  /** The id of an entry: only calls in later entries count. */
  readonly since?: number
  /** The longest wait in seconds, 0 to 300; 10 by default. */
  readonly timeoutSeconds?: number
}

/** The state of the server's clock. */
export interface ClockState {
  /** The time in ISO 8601 and UTC, such as `2026-01-31T12:00:00.000Z`. */
  readonly now: string
  /** Whether the clock stands still. */
  readonly fixed: boolean
}

/** The key of a new OAuth consumer, and its secret. */
export interface KeyAndSecret {
  readonly key: string
  readonly secret: string
}

/** A new access token, and its secret. */
export interface TokenAndSecret {
  readonly token: string
  readonly secret: string
}

/** Returns functions that call the control API of the server at this URL. */
export function controlOf(serverUrl: string): Control {
  // test/library/types.test.ts compares the types of what is sent with the server's schemas. The compiler compares what
  // the server answers with the types that are named here.
  const ask = async <Answer>(
    method: ControlRequest['method'],
    path: string,
    parts: Pick<ControlRequest, 'query' | 'body'> = {},
  ) => (await askControl(serverUrl, { method, path, ...parts })) as Answer
  const nothing = async (...asked: Parameters<typeof ask>) => void (await ask(...asked))
  return {
    reset: () => nothing('POST', '/reset'),
    snapshot: (name) => nothing('PUT', at`/snapshots/${name}`),
    restore: (name) => nothing('POST', at`/snapshots/${name}/restore`),
    seed: (body, query = {}) => nothing('POST', '/seed', { body, query }),
    products: {
      list: (query = {}) => ask('GET', '/products', { query }),
      put: (sku, body = {}) => ask('PUT', at`/products/${sku}`, { body }),
    },
    stores: {
      list: () => ask('GET', '/stores'),
      put: (code, body = {}) => ask('PUT', at`/stores/${code}`, { body }),
    },
    users: {
      list: () => ask('GET', '/users'),
      put: (username, body = {}) => ask('PUT', at`/users/${username}`, { body }),
    },
    attributeSets: {
      list: () => ask('GET', '/attribute-sets'),
      put: (name, body) => ask('PUT', at`/attribute-sets/${name}`, { body }),
    },
    mediaAttributes: {
      list: () => ask('GET', '/media-attributes'),
      put: (code, body = {}) => ask('PUT', at`/media-attributes/${code}`, { body }),
    },
    consumers: {
      list: () => ask('GET', '/consumers'),
      add: (body) => ask('POST', '/consumers', { body }),
      issueToken: (key, type) => ask('POST', at`/consumers/${key}/tokens`, { body: { type } }),
      revokeToken: (token) => nothing('DELETE', at`/tokens/${token}`),
    },
    rules: {
      add: (body) => ask('POST', '/rules', { body }),
      list: () => ask('GET', '/rules'),
      get: (id) => ask('GET', at`/rules/${id}`),
      replace: (id, body) => ask('PUT', at`/rules/${id}`, { body }),
      remove: (id) => nothing('DELETE', at`/rules/${id}`),
      clear: () => nothing('DELETE', '/rules'),
    },
    journal: {
      list: (query = {}) => ask('GET', '/journal', { query }),
      get: (id) => ask('GET', at`/journal/${String(id)}`),
      await: (match, options = {}) => awaited(serverUrl, { match, ...options }),
      verify: (match, howOften = {}) => ask('POST', '/journal/verify', { body: { match, ...howOften } }),
      clear: () => nothing('DELETE', '/journal'),
      export: (query = {}) => ask('GET', '/journal/export', { query }),
    },
    setLoose: (loose) => nothing('PUT', '/loose', { body: { loose } }),
    setDeterministicIds: (deterministic) => nothing('PUT', '/ids', { body: { deterministic } }),
    clock: {
      now: () => ask('GET', '/clock'),
      set: (now, options = {}) => ask('PUT', '/clock', { body: { now: isoOf(now), ...options } }),
      advance: (advanceSeconds) => ask('PUT', '/clock', { body: { advanceSeconds } }),
      reset: () => nothing('DELETE', '/clock'),
    },
  }
}

/** Waits for calls. @throws KeepsakeError that lists the near misses, when the time is over */
async function awaited(
  serverUrl: string,
  body: AwaitOptions & { readonly match: CallMatch },
): Promise<readonly JournalEntry[]> {
  try {
    const answer = await askControl(serverUrl, { method: 'POST', path: '/journal/await', body })
    return (answer as { calls: readonly JournalEntry[] }).calls
  } catch (thrown) {
    if (!(thrown instanceof ControlRefusal) || thrown.status !== TIME_IS_OVER) throw thrown
    const { error, nearMisses } = thrown.answer as { error: string; nearMisses: readonly NearMiss[] }
    throw new KeepsakeError(error + nearMissesText(nearMisses), { cause: thrown })
  }
}

const TIME_IS_OVER = 408

/** Encodes the parts of a path. @throws KeepsakeError for an empty part, `.` or `..`, which a URL parser would drop */
function at(texts: TemplateStringsArray, ...parts: readonly string[]): string {
  const encoded = parts.map((part) => {
    if (/^\.{0,2}$/.test(part)) throw new KeepsakeError(`${JSON.stringify(part)} cannot be a name in a path`)
    return encodeURIComponent(part)
  })
  return String.raw({ raw: texts }, ...encoded)
}

function isoOf(time: Date | string): string {
  return new Date(time).toISOString()
}
