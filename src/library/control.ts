import type {
  AttributeSetChange,
  ListedAttributeSet,
  ListedConsumer,
  ListedProduct,
  ListedStoreView,
  ListedUser,
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

/** What a test does with the server, beside calling it. Each method throws a ControlRefusal for what cannot be done. */
export interface Control {
  /** Brings back the shop of the start; forgets rules, journal and clock. Snapshots stay. */
  reset(): Promise<void>
  /** Keeps the shop as it is now, under a name, in place of an earlier one of that name. */
  snapshot(name: string): Promise<void>
  /** Brings the shop back as it was kept under that name. Rules, journal and clock stay. */
  restore(name: string): Promise<void>
  /**
   * Puts a seed into the shop. @param options.reset empties the shop first, and makes the result what `reset` brings back
   */
  seed(seed: SeedFile, options?: { readonly reset?: boolean }): Promise<void>
  readonly products: {
    /** By id, those whose SKU has the text in it. */
    list(query?: { readonly search?: string; readonly limit?: number }): Promise<readonly ListedProduct[]>
    /** Makes a product, or changes the one of this SKU. */
    put(sku: string, change?: ProductChange): Promise<ListedProduct>
  }
  readonly stores: {
    list(): Promise<readonly ListedStoreView[]>
    /** Makes a store view, or changes the one of this code. */
    put(code: string, change?: StoreViewChange): Promise<ListedStoreView>
  }
  readonly users: {
    list(): Promise<readonly ListedUser[]>
    /** Makes an API user, or changes the one of this name. A key that is generated is told this once. */
    put(username: string, change?: UserChange): Promise<SavedUser>
  }
  readonly attributeSets: {
    list(): Promise<readonly ListedAttributeSet[]>
    /** Makes an attribute set, or changes the one of this name. */
    put(name: string, change: AttributeSetChange): Promise<ListedAttributeSet>
  }
  readonly consumers: {
    list(): Promise<readonly ListedConsumer[]>
    /** Makes an OAuth consumer; its secret is told this once. */
    add(consumer: { readonly name: string; readonly callback?: string }): Promise<KeyAndSecret>
    /** Makes an access token; its secret is told this once. */
    issueToken(consumerKey: string, type: 'admin' | 'customer'): Promise<TokenAndSecret>
    revokeToken(token: string): Promise<void>
  }
  readonly rules: {
    /** Makes a rule, which is tried after those that there are. */
    add(rule: NewRule): Promise<Rule>
    /** In the order in which they are tried. */
    list(): Promise<readonly Rule[]>
    get(id: string): Promise<Rule>
    /** Puts another rule in the place of one, which then counts from the beginning. */
    replace(id: string, rule: NewRule): Promise<Rule>
    remove(id: string): Promise<void>
    /** Removes all. */
    clear(): Promise<void>
  }
  readonly journal: {
    /** The newest last. */
    list(query?: JournalQuery): Promise<readonly JournalEntry[]>
    get(id: number): Promise<JournalEntry>
    /**
     * Waits until there are such calls, and answers them.
     *
     * @throws KeepsakeError with the near misses, when the time is over: 10 s unless given
     */
    await(match: CallMatch, options?: AwaitOptions): Promise<readonly JournalEntry[]>
    /** Says whether such calls were made as often. */
    verify(match: CallMatch, howOften?: HowOften): Promise<Verdict>
    /** Forgets all entries. */
    clear(): Promise<void>
    /** What was asked and answered, as a recording that test/golden can play. */
    export(options?: { readonly since?: number; readonly scenario?: string }): Promise<readonly Recording[]>
  }
  /** Has unknown products and users made on first use, or refused. */
  setLoose(isLoose: boolean): Promise<void>
  /** Has session ids come in an order that repeats from each reset on, or at random. */
  setDeterministicIds(isDeterministic: boolean): Promise<void>
  /** The time of the server, by which sessions expire. */
  readonly clock: {
    now(): Promise<ClockState>
    /** Sets it; from then on it goes on, or stands still. */
    set(now: Date | string, options?: { readonly fixed?: boolean }): Promise<ClockState>
    /** Moves it forward. */
    advance(seconds: number): Promise<ClockState>
    /** Back to the real time. */
    reset(): Promise<void>
  }
}

/** A rule before it is made: a method, or a product, … and what is answered. */
export interface NewRule {
  /** For whoever reads the rules. */
  readonly name?: string
  /** Without it, the rule is for every call. */
  readonly when?: RuleConditions
  readonly answer: ForcedAnswer
  /** How often it answers before it is spent; without it, always. */
  readonly times?: number
  /** True unless given. */
  readonly enabled?: boolean
}

export interface AwaitOptions {
  /** How many calls: 1 unless given. */
  readonly count?: number
  /** Of the entries after the one of this id. */
  readonly since?: number
  readonly timeoutSeconds?: number
}

export interface ClockState {
  /** In ISO 8601. */
  readonly now: string
  readonly fixed: boolean
}

export interface KeyAndSecret {
  readonly key: string
  readonly secret: string
}

export interface TokenAndSecret {
  readonly token: string
  readonly secret: string
}

/** The control API of a server, with types. */
export function controlOf(serverUrl: string): Control {
  // What is sent has the fields of the server's schemas (test/library/types.test.ts); what it answers, the types of its own parts.
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

/** @throws KeepsakeError that tells what came close, when the time is over */
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

/** A path with its parts encoded. @throws KeepsakeError for a part that a URL would swallow */
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
