import { z } from 'zod'
import { MEDIA_ATTRIBUTE_CODE, MEDIA_ATTRIBUTE_SCOPES } from '../../catalog/mediaAttribute'
import { type ControlOperation, controlOperation } from '../operation'
import type { Administration } from '../ports'
import { id, text } from '../schemas'

const code = text.regex(MEDIA_ATTRIBUTE_CODE, 'not empty, without , and :')

const mediaAttribute = z
  .strictObject({
    code: z.string(),
    label: z.string(),
    scope: z.enum(MEDIA_ATTRIBUTE_SCOPES),
    attributeSets: z.array(z.string()).describe('the names of those that have it'),
  })
  .meta({ examples: [{ code: 'swatch', label: 'Swatch', scope: 'global', attributeSets: ['Garments'] }] })

const attributeChange = z
  .strictObject({
    label: text.optional().describe('for people; without it, its own, or its code'),
    scope: z
      .enum(MEDIA_ATTRIBUTE_SCOPES)
      .optional()
      .describe('whose values differ: each store view’s, each website’s, or nobody’s (global)'),
  })
  .meta({ examples: [{ label: 'Swatch', scope: 'global' }] })

const attributeSet = z
  .strictObject({
    id,
    name: z.string(),
    gallery: z.boolean(),
    mediaAttributes: z.array(z.string()).describe('the types of its products’ images, in their order'),
  })
  .meta({
    examples: [
      { id: 4, name: 'Default', gallery: true, mediaAttributes: ['image', 'small_image', 'thumbnail'] },
    ],
  })

const change = z
  .strictObject({
    id: id.optional().describe('for a new attribute set; without it, the next'),
    gallery: z.boolean().describe('without one, calls for its products answer fault 107'),
    mediaAttributes: z
      .array(code)
      .optional()
      .describe('codes in their order; without them, its own, or image, small_image and thumbnail'),
  })
  .meta({ examples: [{ gallery: false }] })

/** Returns the operations on attribute sets, which decide whether a product has a gallery and which types its images have. */
export function attributeSetOperations(
  administration: Pick<
    Administration,
    'attributeSets' | 'saveAttributeSet' | 'mediaAttributes' | 'saveMediaAttribute'
  >,
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
    controlOperation({
      method: 'get',
      path: '/media-attributes',
      tag: 'Attribute sets',
      summary: 'List media attributes, which are the types of images',
      answers: z.array(mediaAttribute),
      run: () => administration.mediaAttributes(),
    }),
    controlOperation({
      method: 'put',
      path: '/media-attributes/{code}',
      tag: 'Attribute sets',
      summary: 'Make a media attribute, or change the one of this code',
      body: attributeChange,
      answers: mediaAttribute,
      run: ({ path: { code: given = '' }, body }) => administration.saveMediaAttribute(given, body),
    }),
  ]
}
