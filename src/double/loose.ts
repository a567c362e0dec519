import type { Accounts } from '../api/ports'
import type { Galleries, ProductReference } from '../catalog/ports'
import { type Authenticate, OAuthProblem, type Signatory } from '../oauth/authentication'
import type { LooseShop } from './ports'

/** Whether products and users are created when a call first names them. */
export interface LooseMode {
  isLoose: boolean
}

/** Galleries that create an unknown product when a client names it. */
export class LooseGalleries implements Galleries {
  readonly change: Galleries['change']
  readonly isOffered: Galleries['isOffered']
  readonly isSeenByGuests: Galleries['isSeenByGuests']
  readonly mediaAttributes: Galleries['mediaAttributes']

  constructor(
    private readonly galleries: Galleries,
    private readonly shop: LooseShop,
    private readonly mode: LooseMode,
  ) {
    this.change = galleries.change.bind(galleries)
    this.isOffered = galleries.isOffered.bind(galleries)
    this.isSeenByGuests = galleries.isSeenByGuests.bind(galleries)
    this.mediaAttributes = galleries.mediaAttributes.bind(galleries)
  }

  product(reference: ProductReference): ReturnType<Galleries['product']> {
    return this.#found(reference, () => this.galleries.product(reference))
  }

  view(reference: ProductReference, storeId: number): ReturnType<Galleries['view']> {
    return this.#found(reference, () => this.galleries.view(reference, storeId))
  }

  async #found<T>(reference: ProductReference, find: () => Promise<T | null>): Promise<T | null> {
    const found = await find()
    if (found !== null || !this.mode.isLoose) return found
    await this.shop.makeProduct(reference)
    return find()
  }
}

/** Accounts that accept any name and key, except for users who are disabled or have no role. */
export function looseAccounts(accounts: Accounts, shop: LooseShop, mode: LooseMode): Accounts {
  return {
    async authenticate(username, apiKey, request) {
      if (!mode.isLoose) return accounts.authenticate(username, apiKey, request)
      const userId = await shop.admit(username, apiKey)
      if (userId === null) request.notes.noteDenial('inactive user', request.origin.clientAddress)
      return userId
    },
  }
}

const ADMINISTRATOR: Signatory = { caller: 'admin', consumer: null, token: null, operator: null }

/** Treats a request with an invalid signature as that of an administrator. */
export function looseAuthenticate(authenticate: Authenticate, mode: LooseMode): Authenticate {
  return async (request) => {
    try {
      return await authenticate(request)
    } catch (thrown) {
      if (mode.isLoose && thrown instanceof OAuthProblem) return ADMINISTRATOR
      throw thrown
    }
  }
}
