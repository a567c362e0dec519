import { z } from 'zod'
import { type ControlOperation, controlOperation } from '../operation'
import type { Administration } from '../ports'
import { id } from '../schemas'

const attributeSet = z
  .strictObject({ id, name: z.string(), gallery: z.boolean() })
  .meta({ examples: [{ id: 4, name: 'Default', gallery: true }] })

const change = z
  .strictObject({
    id: id.optional().describe('for a new attribute set; without it, the next'),
    gallery: z.boolean().describe('without one, calls for its products answer fault 107'),
  })
  .meta({ examples: [{ gallery: false }] })

/** Returns the operations on attribute sets, which decide whether a product has a gallery. */
export function attributeSetOperations(
  administration: Pick<Administration, 'attributeSets' | 'saveAttributeSet'>,
): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/attribute-sets',
      tag: 'Attribute sets',
      summary: 'List attribute sets',
      answers: z.array(attributeSet),
      run: () => administration.attributeSets(),
    }),
    controlOperation({
      method: 'put',
      path: '/attribute-sets/{name}',
      tag: 'Attribute sets',
      summary: 'Make an attribute set, or change the one of this name',
      body: change,
      answers: attributeSet,
      run: ({ path: { name = '' }, body }) => administration.saveAttributeSet(name, body),
    }),
  ]
}
