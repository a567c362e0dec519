import { z } from 'zod'
import { type ControlOperation, controlOperation } from '../operation'
import type { Administration } from '../ports'
import { id, word } from '../schemas'

const storeView = z
  .strictObject({ id: z.int(), code: z.string(), website: z.string().describe('its code') })
  .meta({ examples: [{ id: 2, code: 'german', website: 'base' }] })

const change = z
  .strictObject({
    id: id.optional().describe('for a new store view; without it, the next'),
    website: word.optional().describe('a code, made if it is not there; without it, its own, or base'),
  })
  .meta({ examples: [{ website: 'base' }] })

/** Returns the operations on store views, the same as of the command `keepsake store`. */
export function storeViewOperations(
  administration: Pick<Administration, 'storeViews' | 'saveStoreView'>,
): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/stores',
      tag: 'Store views',
      summary: 'List store views; 0 is the default scope',
      answers: z.array(storeView),
      run: () => administration.storeViews(),
    }),
    controlOperation({
      method: 'put',
      path: '/stores/{code}',
      tag: 'Store views',
      summary: 'Make a store view, or change the one of this code',
      body: change,
      answers: storeView,
      run: ({ path: { code = '' }, body }) => administration.saveStoreView(code, body),
    }),
  ]
}
