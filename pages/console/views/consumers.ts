import { announce } from '../kit/announce.js'
import { confirmed, tellOnce } from '../kit/dialog.js'
import { askForm } from '../kit/form.js'
import { html, nothing, type TemplateResult } from '../kit/lit.js'
import { Loaded, type Page, type PageContext } from '../kit/page.js'
import type { Consumer, Token } from '../kit/shapes.js'
import { type Column, table } from '../kit/table.js'
import { Tasks } from '../kit/task.js'

/** Shows the OAuth consumers, which sign requests of REST, and their tokens. */
export function consumersPage(context: PageContext): Page {
  const consumers = new Loaded<readonly Consumer[]>(context, () => context.api.get('/consumers'))
  const tasks = new Tasks(context, () => consumers.reload())
  void consumers.reload()

  async function add(): Promise<void> {
    let made: { readonly key: string; readonly secret: string } | null = null
    await askForm({
      title: 'Add a consumer',
      action: 'Save',
      fields: [
        {
          name: 'name',
          label: 'Name',
          required: true,
          hint: 'As operators see it who are asked for access.',
        },
        {
          name: 'callback',
          label: 'Callback URL',
          hint: 'Where operators are sent back to; only for OAuth’s flow.',
        },
      ],
      async send(filled) {
        const callback = filled.text('callback')
        made = await context.api.post('/consumers', {
          name: filled.text('name') ?? '',
          ...(callback !== null && { callback }),
        })
      },
    })
    const { key, secret } = made ?? { key: '', secret: '' }
    if (key === '') return
    await consumers.reload()
    announce('The consumer is saved.')
    await tellOnce('The new consumer', [
      ['Consumer key', key],
      ['Consumer secret', secret],
    ])
  }

  async function issue(consumer: Consumer): Promise<void> {
    let made: { readonly token: string; readonly secret: string } | null = null
    await askForm({
      title: `A token for ${consumer.name}`,
      action: 'Issue',
      fields: [
        {
          name: 'type',
          label: 'It stands for',
          kind: 'select',
          options: [
            { value: 'admin', label: 'an administrator, who may change images' },
            { value: 'customer', label: 'a customer, who may look' },
          ],
        },
      ],
      async send(filled) {
        made = await context.api.post(`/consumers/${consumer.key}/tokens`, { type: filled.text('type') })
      },
    })
    const { token, secret } = made ?? { token: '', secret: '' }
    if (token === '') return
    await consumers.reload()
    await tellOnce(`A token for ${consumer.name}`, [
      ['Token', token],
      ['Token secret', secret],
    ])
  }

  async function revoke(token: Token): Promise<void> {
    const isSure = await confirmed({
      title: 'Revoke the token?',
      text: `Whoever signs with ${token.token} is refused from then on.`,
      action: 'Revoke',
    })
    if (!isSure) return
    await tasks.run(async () => {
      await context.api.delete(`/tokens/${token.token}`)
      return 'The token is revoked.'
    })
  }

  const tokenOf = (token: Token): TemplateResult =>
    html`<li>
      <code>${token.token}</code> ${token.type}${token.operator === null ? '' : `, by ${token.operator}`}
      ${
        token.revoked
          ? html`<span class="badge problem">revoked</span>`
          : html`<button type="button" class="quiet" aria-label="Revoke ${token.token}" @click=${() => revoke(token)}>Revoke</button>`
      }
    </li>`

  const columns: readonly Column<Consumer>[] = [
    { title: 'Name', cell: ({ name }) => name },
    { title: 'Key', cell: ({ key }) => html`<code>${key}</code>` },
    { title: 'Signs with', cell: ({ signsWith }) => (signsWith === 'rsa' ? 'an RSA key' : 'a secret') },
    {
      title: 'Tokens',
      cell: ({ tokens }) => (tokens.length === 0 ? nothing : html`<ul>${tokens.map(tokenOf)}</ul>`),
    },
    {
      title: 'Issue',
      kind: 'actions',
      cell: (consumer) =>
        html`<button type="button" class="quiet" aria-label="Issue a token for ${consumer.name}" @click=${() => issue(consumer)}>Issue a token</button>`,
    },
  ]

  return {
    title: 'OAuth',
    content: () => html`<div class="toolbar">
        <h1>OAuth consumers</h1>
        <button type="button" class="primary" @click=${add}>Add a consumer</button>
      </div>
      ${tasks.shown()}
      ${consumers.shown((found) => table('OAuth consumers', columns, found, 'No consumers yet: nobody signs requests of REST.'))}`,
  }
}
