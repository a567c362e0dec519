/** A small shop: one website, two store views, a product with a gallery, and a user who may do anything. */
export const SMALL_SHOP = JSON.stringify({
  websites: [{ id: 1, code: 'base' }],
  stores: [
    { id: 1, code: 'default', website: 1 },
    { id: 2, code: 'german', website: 1 },
  ],
  attributeSets: [{ id: 4, name: 'Default', gallery: true }],
  roles: [{ name: 'all', resources: ['all'] }],
  users: [{ username: 'apiUser', apiKey: 'apiKey123', role: 'all' }],
  products: [{ id: 1, sku: 'Sku', attributeSet: 4, websites: [1] }],
})
