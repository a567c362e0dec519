import { announce } from '../kit/announce.js'
import { askForm } from '../kit/form.js'
import { html } from '../kit/lit.js'
import { Loaded, type Page, type PageContext } from '../kit/page.js'
import type { AttributeSet, Product, ProductChange, StoreView } from '../kit/shapes.js'
import { type Column, table } from '../kit/table.js'

const LIMIT = 200

/** Shows products, which can be searched by a part of their SKU. Each one links to its gallery. */
export function productsPage(context: PageContext): Page {
  let search = ''
  const products = new Loaded<readonly Product[]>(context, () =>
    context.api.get(`/products?limit=${LIMIT}&search=${encodeURIComponent(search)}`),
  )
  void products.reload()

  async function find(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    search = String(new FormData(event.target as HTMLFormElement).get('search') ?? '')
    await products.reload()
    announce(`${products.value?.length ?? 0} products`)
  }

  async function save(product: Product | null): Promise<void> {
    const isSaved = await askProduct(context, product)
    if (!isSaved) return
    await products.reload()
    announce('The product is saved.')
  }

  const columns: readonly Column<Product>[] = [
    { title: 'SKU', cell: ({ id, sku }) => html`<a href="#/products/${id}">${sku ?? `Product ${id}`}</a>` },
    { title: 'Id', kind: 'number', cell: ({ id }) => id },
    { title: 'Images', kind: 'number', cell: ({ images }) => images },
    { title: 'Attribute set', cell: ({ attributeSet }) => attributeSet },
    { title: 'Websites', cell: ({ websites }) => websites.join(', ') || '–' },
    {
      title: 'Change',
      kind: 'actions',
      // A product without an SKU cannot be named to the API.
      cell: (product) =>
        product.sku === null
          ? ''
          : html`<button type="button" class="quiet" aria-label="Change ${product.sku}" @click=${() => save(product)}>Change</button>`,
    },
  ]

  return {
    title: 'Products',
    content: () => html`<h1>Products</h1>
      <div class="toolbar">
        <form role="search" @submit=${find}>
          <div class="field">
            <label for="search">Part of the SKU</label>
            <input id="search" name="search" type="search" autocomplete="off" spellcheck="false" />
          </div>
          <button>Find</button>
        </form>
        <button type="button" class="primary" @click=${() => save(null)}>Add a product</button>
      </div>
      ${products.shown(
        (
          found,
        ) => html`${table('Products', columns, found, search ? `No SKU has “${search}” in it.` : 'No products yet.')}
        ${found.length === LIMIT ? html`<p class="note">Only the first ${LIMIT}: search for others.</p>` : ''}`,
      )}`,
  }
}

async function askProduct({ api }: PageContext, product: Product | null): Promise<boolean> {
  const [sets, stores] = await Promise.all([
    api.get<readonly AttributeSet[]>('/attribute-sets'),
    api.get<readonly StoreView[]>('/stores'),
  ])
  const websites = [...new Set(stores.filter(({ id }) => id > 0).map(({ website }) => website))]
  return askForm({
    title: product?.sku ?? 'Add a product',
    action: 'Save',
    fields: [
      ...(product ? [] : [{ name: 'sku', label: 'SKU', required: true }]),
      {
        name: 'attributeSet',
        label: 'Attribute set',
        kind: 'select',
        options: sets.map(({ name, gallery }) => ({
          value: name,
          label: gallery ? name : `${name} (without a gallery)`,
        })),
        value: product?.attributeSet ?? '',
      },
      {
        name: 'websites',
        label: 'Websites',
        kind: 'checks',
        options: websites.map((value) => ({ value, label: value })),
        value: product?.websites ?? websites,
      },
    ],
    async send(filled) {
      const sku = product?.sku ?? filled.text('sku') ?? ''
      const attributeSet = filled.text('attributeSet')
      await api.put(`/products/${encodeURIComponent(sku)}`, {
        // With its id, no other product of the same SKU is changed.
        ...(product && { id: product.id }),
        ...(attributeSet !== null && { attributeSet }),
        websites: filled.ticked('websites'),
      } satisfies ProductChange)
    },
  })
}
