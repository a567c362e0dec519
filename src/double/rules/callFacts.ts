import type { Galleries, StoreViews } from '../../catalog/ports'
import { productReferences, storeViewId } from '../../catalog/rpc/identify'
import type { DecodedCall } from '../../contract/exchange'
import { text } from '../../contract/readers'
import type { RequestContext } from '../../contract/request'
import type { Value } from '../../contract/value'
import type { MethodNames } from './methodNames'
import type { RuleConditions } from './rule'

/** What rules are matched with: names, and the rows that an SKU or a code stands for. */
export interface KnownThings {
  readonly methods: MethodNames
  readonly galleries: Pick<Galleries, 'product'>
  readonly storeViews: StoreViews
}

/** One call as rules see it. What takes a look into the database is looked up once, and only if a rule asks. */
export class CallFacts {
  #productId: Promise<number | null> | null = null
  #storeId: Promise<number | null> | null = null

  constructor(
    private readonly call: DecodedCall,
    private readonly request: RequestContext,
    private readonly known: KnownThings,
  ) {}

  /** Whether the call meets the conditions that can be judged of one call alone: all but those that count calls. */
  async meets(when: RuleConditions): Promise<boolean> {
    return (
      this.#isSpokenIn(when.protocol) &&
      this.known.methods.means(when.method, this.call.path) &&
      this.#isBy(when.user) &&
      (when.product === undefined || (await this.#isOf(when.product))) &&
      (when.storeView === undefined || (await this.#actsIn(when.storeView)))
    )
  }

  #isSpokenIn(protocol: RuleConditions['protocol']): boolean {
    const { protocol: spoken } = this.request.notes.observed
    if (protocol === 'soap') return spoken === 'soap_v1' || spoken === 'soap_v2' || spoken === 'wsi'
    return protocol === undefined || protocol === spoken
  }

  /** User names are the same in any case; who logs in is not yet known but by what it claims. */
  #isBy(user: string | undefined): boolean {
    if (user === undefined) return true
    const name = this.request.notes.observed.user ?? text(this.#argument('username'))
    return name?.toLowerCase() === user.toLowerCase()
  }

  async #isOf(product: string | number): Promise<boolean> {
    const written = text(this.#argument('product'))
    if (written === null) return false
    if (written.toLowerCase() === String(product).toLowerCase()) return true
    this.#productId ??= this.#idOf(this.#argument('product'), this.#argument('identifierType'))
    const id = await this.#productId
    if (id === null) return false
    // The author of a rule says nothing of what the name is, so it may be either.
    return id === (await this.#idOf(product, 'sku')) || id === (await this.#idOf(product, null))
  }

  async #idOf(product: Value, identifierType: Value): Promise<number | null> {
    for (const reference of productReferences(product, identifierType)) {
      const found = await this.known.galleries.product(reference)
      if (found) return found.id
    }
    return null
  }

  async #actsIn(storeView: string | number): Promise<boolean> {
    if (!this.call.path.includes('.')) return false
    const given = this.#argument('store') ?? this.request.scope.currentStore
    this.#storeId ??= storeViewId(given, this.known.storeViews)
    const id = await this.#storeId
    // A store view that is not there has no id to be known by, but a rule may be about it all the same.
    if (id === null) return text(given) === String(storeView)
    return id === (await storeViewId(storeView, this.known.storeViews))
  }

  #argument(name: string): Value {
    return this.call.arguments.get(name) ?? null
  }
}
