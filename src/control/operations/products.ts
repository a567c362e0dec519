import { z } from 'zod'
import { type ControlOperation, controlOperation } from '../operation'
import type { Administration } from '../ports'
import { id, text, word } from '../schemas'

const LARGEST_PAGE = 1000

const product = z
  .strictObject({
    id,
    sku: z.string().nullable(),
    attributeSet: z.string().describe('its name'),
    websites: z.array(z.string()).describe('their codes'),
    images: z.int().describe('how many its gallery has'),
  })
  .meta({ examples: [{ id: 1, sku: 'Sku', attributeSet: 'Default', websites: ['base'], images: 2 }] })

const change = z
  .strictObject({
    id: id.optional().describe('for a new product; without it, the next'),
    attributeSet: word.optional().describe('the name of one; without it, its own, or the first'),
    websites: z.array(word).optional().describe('codes; without them, its own, or all'),
  })
  .meta({ examples: [{ id: 42, attributeSet: 'Default', websites: ['base'] }] })

const search = z.strictObject({
  search: text.default('').describe('a part of the SKU, in any case, with or without accents'),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(100).describe('at most so many'),
})

/** Returns the operations on products, the same as of the command `keepsake product`. */
export function productOperations(
  administration: Pick<Administration, 'products' | 'saveProduct'>,
): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/products',
      tag: 'Products',
      summary: 'List products by id',
      query: search,
      answers: z.array(product),
      run: ({ query }) => administration.products(query.search, query.limit),
    }),
    controlOperation({
      method: 'put',
      path: '/products/{sku}',
      tag: 'Products',
      summary: 'Make a product, or change the one of this SKU',
      body: change,
      answers: product,
      run: ({ path: { sku = '' }, body }) => administration.saveProduct(sku, body),
    }),
  ]
}
