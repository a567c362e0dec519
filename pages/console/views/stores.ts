import { announce } from '../kit/announce.js'
import { askForm } from '../kit/form.js'
import { html } from '../kit/lit.js'
import { Loaded, type Page, type PageContext } from '../kit/page.js'
import type { StoreView, StoreViewChange } from '../kit/shapes.js'
import { type Column, table } from '../kit/table.js'

const COLUMNS: readonly Column<StoreView>[] = [
  { title: 'Code', cell: ({ code }) => code },
  { title: 'Id', kind: 'number', cell: ({ id }) => id },
  { title: 'Website', cell: ({ website }) => website },
]

/** Shows the store views, each with its website. */
export function storesPage(context: PageContext): Page {
  const stores = new Loaded<readonly StoreView[]>(context, () => context.api.get('/stores'))
  void stores.reload()

  async function add(): Promise<void> {
    const isSaved = await askForm({
      title: 'Add a store view',
      action: 'Save',
      fields: [
        { name: 'code', label: 'Code', required: true, hint: 'As clients name it, such as german.' },
        {
          name: 'website',
          label: 'Website',
          value: 'base',
          hint: 'Its code; it is made if it is not there.',
        },
        { name: 'id', label: 'Id', kind: 'number', hint: 'Without one, the next.' },
      ],
      async send(filled) {
        const [website, id] = [filled.text('website'), filled.number('id')]
        await context.api.put(`/stores/${encodeURIComponent(filled.text('code') ?? '')}`, {
          ...(website !== null && { website }),
          ...(id !== null && { id }),
        } satisfies StoreViewChange)
      },
    })
    if (!isSaved) return
    await stores.reload()
    announce('The store view is saved.')
  }

  return {
    title: 'Stores',
    content: () => html`<div class="toolbar">
        <h1>Store views</h1>
        <button type="button" class="primary" @click=${add}>Add a store view</button>
      </div>
      ${stores.shown((found) => table('Store views', COLUMNS, found, 'No store views yet.'))}`,
  }
}
