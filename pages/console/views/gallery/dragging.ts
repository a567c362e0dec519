import type { PageContext } from '../../kit/page.js'
import type { StoreView } from '../../kit/shapes.js'

/** The type that a browser gives to files which are dragged from another program. */
export const DROPPED_FILES = 'Files'

/** The state while an image is dragged within its store view: the image, and the place where it would be dropped. */
export class Dragging {
  #from: { readonly storeId: number; readonly index: number } | null = null
  #over: number | null = null

  constructor(
    private readonly context: Pick<PageContext, 'redraw'>,
    private readonly drop: (storeView: StoreView, from: number, to: number) => Promise<void>,
  ) {}

  /** Returns how the card at this place looks while an image is dragged. */
  stateOf({ id }: StoreView, index: number): 'dragged' | 'above' | 'below' | '' {
    if (this.#from?.storeId !== id) return ''
    if (this.#from.index === index) return 'dragged'
    if (this.#over !== index) return ''
    return index < this.#from.index ? 'above' : 'below'
  }

  started(event: DragEvent, { id }: StoreView, index: number): void {
    this.#from = { storeId: id, index }
    const card = (event.currentTarget as HTMLElement).closest('li')
    if (!event.dataTransfer) return
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', String(index))
    if (card) event.dataTransfer.setDragImage(card, 12, 12)
    // Redraw in the next frame: the browser copies the card's look now, and the copy must not look dragged.
    requestAnimationFrame(() => this.context.redraw())
  }

  over(event: DragEvent, { id }: StoreView, index: number): void {
    if (this.#from?.storeId !== id) return
    event.preventDefault()
    if (this.#over === index) return
    this.#over = index
    this.context.redraw()
  }

  dropped(event: DragEvent, storeView: StoreView, index: number): void {
    const from = this.#from
    if (from?.storeId !== storeView.id) return
    event.preventDefault()
    this.ended()
    void this.drop(storeView, from.index, index)
  }

  ended(): void {
    this.#from = null
    this.#over = null
    this.context.redraw()
  }
}
