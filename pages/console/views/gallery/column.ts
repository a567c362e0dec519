import { html, nothing, repeat, type TemplateResult } from '../../kit/lit.js'
import type { Gallery, StoreView } from '../../kit/shapes.js'
import { card } from './card.js'
import { DROPPED_FILES, type Dragging } from './dragging.js'
import { DEFAULT_SCOPE, imagesIn, type SeenImage, storeViewName } from './seen.js'

/** The actions in the gallery of a store view. */
export interface ColumnActions {
  add(storeView: StoreView, files: readonly File[]): Promise<void>
  edit(storeView: StoreView, image: SeenImage): Promise<void>
  remove(storeView: StoreView, image: SeenImage): Promise<void>
  reorder(storeView: StoreView, from: number, to: number): Promise<void>
  readonly dragging: Dragging
}

/** Draws the gallery as one store view sees it. @param uploading describes the upload in progress; null for none */
export function column(
  gallery: Gallery,
  storeView: StoreView,
  actions: ColumnActions,
  uploading: string | null,
): TemplateResult {
  const images = imagesIn(gallery, storeView)
  const heading = `store-view-${storeView.id}`
  return html`<section class="column" aria-labelledby=${heading}>
    <header>
      <h2 id=${heading}>${storeViewName(storeView)}</h2>
      <p class="note">
        ${storeView.id === DEFAULT_SCOPE ? 'every store view falls back to them' : `website ${storeView.website}`}
      </p>
    </header>
    ${
      images.length === 0
        ? html`<p class="empty">No images yet.</p>`
        : html`<ol class="cards" aria-label="Images of ${storeViewName(storeView)}">
            ${repeat(
              images,
              ({ id }) => id,
              (image, index) => card({ image, index, count: images.length, storeView, actions }),
            )}
          </ol>`
    }
    ${dropZone(storeView, actions, uploading)}
  </section>`
}

/** Draws an area that accepts files which are chosen, or dropped on it. */
function dropZone(storeView: StoreView, actions: ColumnActions, uploading: string | null): TemplateResult {
  const picked = (event: Event) => {
    const input = event.target as HTMLInputElement
    const files = [...(input.files ?? [])]
    input.value = ''
    void actions.add(storeView, files)
  }
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    ;(event.currentTarget as HTMLElement).classList.remove('over')
    void actions.add(storeView, [...(event.dataTransfer?.files ?? [])])
  }
  return html`<label
    class="drop"
    @dragover=${overWithFiles}
    @dragleave=${(event: DragEvent) => (event.currentTarget as HTMLElement).classList.remove('over')}
    @drop=${dropped}
  >
    <input type="file" accept="image/jpeg,image/png,image/gif" multiple @change=${picked} ?disabled=${uploading !== null} />
    <span>${uploading ?? html`<b>Add images<span class="unseen"> to ${storeViewName(storeView)}</span></b>, or drop them here`}</span>
    ${uploading === null ? nothing : html`<progress aria-label="Uploading"></progress>`}
  </label>`
}

function overWithFiles(event: DragEvent): void {
  if (!event.dataTransfer?.types.includes(DROPPED_FILES)) return
  event.preventDefault()
  ;(event.currentTarget as HTMLElement).classList.add('over')
}
