/** One website with two store views, and a user who may do anything. */
const SHOP = {
  websites: [{ id: 1, code: 'base' }],
  stores: [
    { id: 1, code: 'default', website: 1 },
    { id: 2, code: 'german', website: 1 },
  ],
  attributeSets: [{ id: 4, name: 'Default', gallery: true }],
  roles: [{ name: 'all', resources: ['all'] }],
  users: [{ username: 'apiUser', apiKey: 'apiKey123', role: 'all' }],
}

/** A small shop: one website, two store views, a product with a gallery, and a user who may do anything. */
export const SMALL_SHOP = shopWith([{ id: 1, sku: 'Sku' }])

/** The small shop with these products in place of its own, each in its attribute set and website. */
export function shopWith(products: readonly { readonly id: number; readonly sku: string }[]): string {
  return JSON.stringify({
    ...SHOP,
    products: products.map((product) => ({ ...product, attributeSet: 4, websites: [1] })),
  })
}

/** The small shop with products `p1`, `p2` and so on in place of its own, and whatever else a seed may have. */
export function shopOf(products: number, others: object = {}): string {
  return JSON.stringify({
    ...SHOP,
    ...others,
    products: Array.from({ length: products }, (_, index) => ({
      id: index + 1,
      sku: `p${index + 1}`,
      attributeSet: 4,
      websites: [1],
    })),
  })
}
