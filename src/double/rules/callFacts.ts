import { productReferences, storeViewId } from '../../catalog/identify'
import type { Galleries, StoreViews } from '../../catalog/ports'
import type { DecodedCall } from '../../contract/exchange'
import { folded } from '../../contract/folded'
import { text } from '../../contract/readers'
import type { RequestContext } from '../../contract/request'
import type { Value } from '../../contract/value'
import type { MethodNames } from './methodNames'
import type { RuleConditions } from './rule'

/** The names of methods, and the rows of an SKU or a code, by which rules are matched. */
export interface KnownThings {
  readonly methods: MethodNames
  readonly galleries: Pick<Galleries, 'product'>
  readonly storeViews: StoreViews
}

/**
 * The facts of one call that rules match. Facts from the database are read once, and only if a rule needs
 * them.
 */
export class CallFacts {
  #productId: Promise<number | null> | null = null
  #storeId: Promise<number | null> | null = null

  constructor(
    private readonly call: DecodedCall,
    private readonly request: RequestContext,
    private readonly known: KnownThings,
  ) {}

  /** Whether the call meets all conditions except those that count calls. */
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

  /** Compares user names as a login does. At a login, the name is still only a claim. */
  #isBy(user: string | undefined): boolean {
    if (user === undefined) return true
    const name = this.request.notes.observed.user ?? text(this.#argument('username'))
    return name !== null && folded(name) === folded(user)
  }

  async #isOf(product: string | number): Promise<boolean> {
    const written = text(this.#argument('product'))
    if (written === null) return false
    if (folded(written) === folded(String(product))) return true
    this.#productId ??= this.#idOf(this.#argument('product'), this.#argument('identifierType'))
    const id = await this.#productId
    if (id === null) return false
    // The author of a rule does not say whether the text is an SKU or an id, so it may be either.
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
    // A store view that does not exist has no id, but a rule may still name it.
    if (id === null) return text(given) === String(storeView)
    return id === (await storeViewId(storeView, this.known.storeViews))
  }

  #argument(name: string): Value {
    return this.call.arguments.get(name) ?? null
  }
}
