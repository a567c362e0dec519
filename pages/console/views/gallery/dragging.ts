import type { Desk } from '../../kit/page.js'
import type { StoreView } from '../../kit/shapes.js'

/** What a browser calls files that are dragged from elsewhere. */
export const DROPPED_FILES = 'Files'

/** An image that is being dragged within its store view, and where it would land. */
export class Dragging {
  #from: { readonly storeId: number; readonly index: number } | null = null
  #over: number | null = null

  constructor(
    private readonly desk: Pick<Desk, 'redraw'>,
    private readonly drop: (storeView: StoreView, from: number, to: number) => Promise<void>,
  ) {}

  /** How a card shows its part in it. */
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
    // The browser takes its picture of the card now: only afterwards may the card look dragged.
    requestAnimationFrame(() => this.desk.redraw())
  }

  over(event: DragEvent, { id }: StoreView, index: number): void {
    if (this.#from?.storeId !== id) return
    event.preventDefault()
    if (this.#over === index) return
    this.#over = index
    this.desk.redraw()
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
    this.desk.redraw()
  }
}
