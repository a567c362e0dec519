/** Makes what a client takes for granted, so that a test need not. */
export interface LooseShop {
  /**
   * Makes the product that a client has named: in all websites, with the first attribute set that has a gallery. Without
   * such a set, or for a name that no product can have, nothing is made.
   */
  makeProduct(reference: { readonly id: number } | { readonly sku: string }): Promise<void>
  /**
   * The id of the user, made with all rights and this key if nobody has the name; null for one who is disabled or has no
   * role, and for a name that nobody can have.
   */
  admit(username: string, apiKey: string): Promise<number | null>
}
