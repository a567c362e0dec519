import { announce } from '../../kit/announce.js'
import { confirmed } from '../../kit/dialog.js'
import { INHERITED, PIN } from '../../kit/icons.js'
import { html, nothing, type TemplateResult } from '../../kit/lit.js'
import { empty, Loaded, messageOf, type Page, type PageContext } from '../../kit/page.js'
import type { Gallery, StoreView } from '../../kit/shapes.js'
import { type ColumnActions, column } from './column.js'
import { Dragging } from './dragging.js'
import { editImage } from './edit.js'
import { imagesIn, moved, nameOf, type SeenImage, storeViewName } from './seen.js'
import { upload } from './upload.js'

/** Shows a product's gallery, with its store views side by side. */
export function galleryPage(context: PageContext, productId: number): Page {
  const path = `/galleries/${productId}`
  const gallery = new Loaded<Gallery>(context, () => context.api.get(path))
  let problem: string | null = null
  let uploading: { readonly storeId: number; readonly text: string } | null = null
  void gallery.reload()

  /** Runs `work`, loads the gallery again, and says how it ended. `work` returns the sentence for success. */
  async function attempt(work: () => Promise<string>): Promise<void> {
    problem = null
    let done = ''
    try {
      done = await work()
    } catch (thrown) {
      problem = messageOf(thrown)
    }
    await gallery.reload()
    announce(problem ?? done)
  }

  async function reorder(storeView: StoreView, from: number, to: number): Promise<void> {
    const images = gallery.value ? imagesIn(gallery.value, storeView) : []
    const image = images[from]
    if (!image || from === to || to < 0 || to >= images.length) return
    const order = moved(
      images.map(({ id }) => id),
      from,
      to,
    )
    await attempt(async () => {
      await context.api.put(`${path}/order`, { store: storeView.id, images: order })
      return `${nameOf(image)} is now ${to + 1} of ${images.length} in ${storeViewName(storeView)}.`
    })
  }

  async function remove(storeView: StoreView, image: SeenImage): Promise<void> {
    const isSure = await confirmed({
      title: `Remove ${nameOf(image)}?`,
      text: 'It leaves the gallery in every store view. Where another one still shows it as one of its types, only its types here are cleared.',
      action: 'Remove',
    })
    if (!isSure) return
    await attempt(async () => {
      const { removed } = await context.api.delete<{ removed: boolean }>(
        `${path}/images/${image.id}?store=${storeView.id}`,
      )
      if (removed) return `${nameOf(image)} is removed.`
      throw new Error(
        `${nameOf(image)} stays, for a type still shows it elsewhere; its types in ${storeViewName(storeView)} are cleared.`,
      )
    })
    document.getElementById('main')?.focus()
  }

  async function edit(storeView: StoreView, image: SeenImage): Promise<void> {
    const isSaved = await editImage(context.api, path, storeView, image)
    if (isSaved) await attempt(async () => `${nameOf(image)} is saved in ${storeViewName(storeView)}.`)
  }

  async function add(storeView: StoreView, files: readonly File[]): Promise<void> {
    if (files.length === 0 || uploading) return
    await attempt(async () => {
      for (const [index, file] of files.entries()) {
        uploading = { storeId: storeView.id, text: `Uploading ${index + 1} of ${files.length}…` }
        context.redraw()
        await upload(context.api, path, storeView, file).finally(() => {
          uploading = null
        })
      }
      return files.length === 1 ? `${files[0]?.name} is added.` : `${files.length} images are added.`
    })
  }

  const dragging = new Dragging(context, reorder)
  const actions: ColumnActions = { add, edit, remove, reorder, dragging }

  return {
    get title() {
      return gallery.value ? `Gallery of ${titleOf(gallery.value)}` : 'Gallery'
    },
    content: () => html`<p class="back"><a href="#/products">All products</a></p>
      <h1>${gallery.value ? titleOf(gallery.value) : 'Gallery'}</h1>
      ${problem === null ? nothing : html`<p class="notice problem" role="alert">${problem}</p>`}
      ${gallery.shown((value) => shown(value, actions, uploading))}`,
  }
}

function titleOf({ product: { id, sku } }: Gallery): string {
  return sku ?? `product ${id}`
}

function shown(
  gallery: Gallery,
  actions: ColumnActions,
  uploading: { readonly storeId: number; readonly text: string } | null,
): TemplateResult {
  const { product, storeViews, images } = gallery
  return html`<p class="note">
      Product ${product.id}, attribute set ${product.attributeSet},
      ${images.length === 1 ? '1 image' : `${images.length} images`}
    </p>
    ${
      product.hasGallery
        ? html`<p class="legend">
              <span class="own">${PIN} own value of the store view</span>
              <span class="inherited">${INHERITED} inherited from the default values</span>
            </p>
            <div class="columns">
              ${storeViews.map((storeView) =>
                column(
                  gallery,
                  storeView,
                  actions,
                  uploading?.storeId === storeView.id ? uploading.text : null,
                ),
              )}
            </div>`
        : empty('The attribute set of this product has no gallery.')
    }`
}
