import { DOWN, GRIP, INHERITED, PIN, UP } from '../../kit/icons.js'
import { html, nothing, type TemplateResult } from '../../kit/lit.js'
import type { StoreView } from '../../kit/shapes.js'
import type { ColumnActions } from './column.js'
import { DEFAULT_SCOPE, nameOf, type SeenImage, storeViewName, typeName } from './seen.js'

export interface CardOptions {
  readonly image: SeenImage
  readonly index: number
  readonly count: number
  readonly storeView: StoreView
  readonly actions: ColumnActions
}

/** Draws one image in one store view: its values there, and buttons to change it. */
export function card(options: CardOptions): TemplateResult {
  const { image, index, storeView, actions } = options
  const { dragging } = actions
  const name = nameOf(image)
  return html`<li
    class="card ${dragging.stateOf(storeView, index)}"
    @dragover=${(event: DragEvent) => dragging.over(event, storeView, index)}
    @drop=${(event: DragEvent) => dragging.dropped(event, storeView, index)}
  >
    ${handle(options)}
    <a class="picture" href=${addressOf(image)} target="_blank" rel="noopener">
      <img src=${addressOf(image)} alt="${name} (opens the file)" loading="lazy" width="72" height="72" draggable="false" />
    </a>
    <div class="values">
      <h3>${marked(storeView, image.label.own, image.label.value || html`<i>no label</i>`, 'label')}</h3>
      <p class="file">${image.file}</p>
      <ul class="chips" aria-label="Position, types and visibility">
        <li>${marked(storeView, image.position.own, `position ${image.position.value ?? 'unset'}`, 'position')}</li>
        ${image.types.map(
          ({ code, own }) =>
            html`<li class="type">${marked(storeView, own, typeName(image, code), 'type')}</li>`,
        )}
        ${
          image.exclude.value
            ? html`<li class="excluded">${marked(storeView, image.exclude.own, 'excluded', 'exclude')}</li>`
            : nothing
        }
      </ul>
      <p class="card-actions">
        <button type="button" class="quiet" aria-label="Edit ${name} in ${storeViewName(storeView)}" @click=${() => actions.edit(storeView, image)}>Edit</button>
        <button type="button" class="quiet" aria-label="Remove ${name} from ${storeViewName(storeView)}" @click=${() => actions.remove(storeView, image)}>Remove</button>
        ${mover(options, -1)} ${mover(options, 1)}
      </p>
    </div>
  </li>`
}

/** Draws the handle by which an image is dragged with the mouse, or moved with the arrow keys. */
function handle({ image, index, count, storeView, actions }: CardOptions): TemplateResult {
  const id = handleId(storeView, image)
  const keys: Readonly<Record<string, number>> = {
    ArrowUp: index - 1,
    ArrowDown: index + 1,
    Home: 0,
    End: count - 1,
  }
  const pressed = async (event: KeyboardEvent) => {
    const to = keys[event.key]
    if (to === undefined) return
    event.preventDefault()
    await actions.reorder(storeView, index, to)
    document.getElementById(id)?.focus()
  }
  return html`<button
    type="button"
    class="handle"
    id=${id}
    draggable="true"
    aria-label="Move ${nameOf(image)}, ${index + 1} of ${count} in ${storeViewName(storeView)}: arrow keys"
    @keydown=${pressed}
    @dragstart=${(event: DragEvent) => actions.dragging.started(event, storeView, index)}
    @dragend=${() => actions.dragging.ended()}
  >
    ${GRIP}
  </button>`
}

/** Draws a button that moves the image by one place, for people who use neither a mouse nor arrow keys. */
function mover({ image, index, count, storeView, actions }: CardOptions, by: -1 | 1): TemplateResult {
  const to = index + by
  const id = `${handleId(storeView, image)}-${by < 0 ? 'up' : 'down'}`
  const isAtEnd = to < 0 || to >= count
  const clicked = async () => {
    await actions.reorder(storeView, index, to)
    document.getElementById(id)?.focus()
  }
  return html`<button
    type="button"
    class="quiet step"
    id=${id}
    aria-label="Move ${nameOf(image)} ${by < 0 ? 'up' : 'down'} in ${storeViewName(storeView)}"
    aria-disabled=${isAtEnd}
    @click=${clicked}
  >
    ${by < 0 ? UP : DOWN}
  </button>`
}

/**
 * Draws a value with an icon for the store view's own or an inherited value. The default values need none: they inherit
 * nothing.
 */
function marked(
  { id }: StoreView,
  own: boolean,
  value: string | TemplateResult,
  what: string,
): TemplateResult {
  if (id === DEFAULT_SCOPE) return html`<span>${value}</span>`
  return own
    ? html`<span class="own" title="own ${what}">${PIN}${value}<span class="unseen"> (own ${what})</span></span>`
    : html`<span class="inherited" title="inherited ${what}">${INHERITED}${value}<span class="unseen"> (inherited ${what})</span></span>`
}

function handleId({ id }: StoreView, image: SeenImage): string {
  return `handle-${id}-${image.id}`
}

/** Returns the image's URL relative to this page, which also works behind a proxy. */
function addressOf({ file }: SeenImage): string {
  return new URL(`../media/catalog/product${file}`, document.baseURI).href
}
