import { z } from 'zod'
import { HIGHEST_POSITION } from '../../catalog/gallery'
import type { GalleryScope } from '../../catalog/galleryChanges'
import type { GalleryEditing, ImageEdit } from '../../catalog/operator/galleryEditing'
import { authorOf } from '../../contract/author'
import { HttpFault } from '../../contract/httpFault'
import { LARGEST_ID } from '../../contract/storable'
import { shownGallery } from '../answers'
import { type ControlInput, type ControlOperation, controlOperation } from '../operation'
import { text } from '../schemas'

const id = z.coerce.number().int().min(0).max(LARGEST_ID)

const edit = {
  label: text.optional(),
  position: z.int().min(0).max(HIGHEST_POSITION).optional(),
  exclude: z.boolean().optional().describe('whether the shop leaves it out of the product’s page'),
  types: z.array(text).optional().describe('all that the image is to have'),
}

const newImage = z.strictObject({
  store: id.default(0).describe('the store view’s id; 0 for the default scope'),
  name: z.string().default('').describe('of the file, without its extension'),
  mime: z.string().describe('image/jpeg, image/png or image/gif'),
  content: z.string().describe('base64'),
  ...edit,
})

const changedImage = z.strictObject({ content: z.string().optional().describe('base64'), ...edit })
const inStoreView = z.object({ store: id.default(0) })
const order = z.strictObject({
  store: id.default(0),
  images: z.array(id).describe('all ids, in their new order'),
})

const TAG = 'Galleries'

/** Returns the operations that show a gallery in all store views, and change it. */
export function galleryOperations(editing: GalleryEditing): readonly ControlOperation[] {
  return [
    controlOperation({
      method: 'get',
      path: '/galleries/{productId}',
      tag: TAG,
      summary: 'A product’s gallery as each store view sees it',
      answers: shownGallery,
      run: (input) => shownOverview(editing, input),
    }),
    controlOperation({
      method: 'post',
      path: '/galleries/{productId}/images',
      tag: TAG,
      summary: 'Add an image',
      body: newImage,
      answers: z.object({ id, file: z.string() }),
      run: ({ path, context, body: { store, name, mime, content, ...given } }) =>
        editing.add(scopeOf({ path, context }, store), { name, mime, content }, editOf(given)),
    }),
    controlOperation({
      method: 'put',
      path: '/galleries/{productId}/images/{imageId}',
      tag: TAG,
      summary: 'Change an image in a store view',
      query: inStoreView,
      body: changedImage,
      run: ({ path, context, query: { store }, body: { content = null, ...given } }) =>
        editing.change(scopeOf({ path, context }, store), idIn(path.imageId), content, editOf(given)),
    }),
    controlOperation({
      method: 'delete',
      path: '/galleries/{productId}/images/{imageId}',
      tag: TAG,
      summary: 'Take an image out of the gallery, or only its types where others still show it',
      query: inStoreView,
      answers: z.object({ removed: z.boolean() }),
      run: async ({ path, context, query: { store } }) => ({
        removed: await editing.remove(scopeOf({ path, context }, store), idIn(path.imageId)),
      }),
    }),
    controlOperation({
      method: 'put',
      path: '/galleries/{productId}/order',
      tag: TAG,
      summary: 'Put the images into another order in a store view',
      body: order,
      run: ({ path, context, body: { store, images } }) =>
        editing.reorder(scopeOf({ path, context }, store), images),
    }),
  ]
}

async function shownOverview(editing: GalleryEditing, { path, context }: ControlInput) {
  const { product, mediaAttributes, storeViews, images } = await editing.overview(idIn(path.productId))
  return {
    product,
    mediaAttributes,
    storeViews,
    images: images.map(({ id, file, views }) => ({
      id,
      file,
      url: `${context.origin.publicUrl}/media/catalog/product${file}`,
      views: views.map(({ exclude, ...view }) => ({
        ...view,
        exclude: { ...exclude, value: exclude.value === null ? null : exclude.value > 0 },
      })),
    })),
  }
}

type Given = Readonly<z.infer<z.ZodObject<typeof edit>>>

function editOf({ label, position, exclude, types }: Given): ImageEdit {
  return {
    label: label ?? null,
    position: position ?? null,
    exclude: exclude === undefined ? null : Number(exclude),
    types: types ?? null,
  }
}

function scopeOf({ path, context }: Pick<ControlInput, 'path' | 'context'>, storeId: number): GalleryScope {
  return { productId: idIn(path.productId), storeId, author: authorOf(context) }
}

/** Reads an id from a part of the path. @throws HttpFault for anything but a decimal number in range */
function idIn(text: string | undefined): number {
  const read = id.safeParse(/^[0-9]+$/.test(text ?? '') ? text : null)
  if (read.success) return read.data
  throw new HttpFault(404, 'Products and images are named by their ids here')
}
