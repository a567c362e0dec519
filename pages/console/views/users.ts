import { announce } from '../kit/announce.js'
import { tellOnce } from '../kit/dialog.js'
import { askForm } from '../kit/form.js'
import { html } from '../kit/lit.js'
import { Loaded, type Page, type PageContext } from '../kit/page.js'
import type { SavedUser, User, UserChange } from '../kit/shapes.js'
import { type Column, table } from '../kit/table.js'

/** Shows the API users, who log in to SOAP, XML-RPC and JSON-RPC. */
export function usersPage(context: PageContext): Page {
  const users = new Loaded<readonly User[]>(context, () => context.api.get('/users'))
  void users.reload()

  async function save(user: User | null): Promise<void> {
    const saved = await askUser(context, user)
    if (!saved) return
    await users.reload()
    announce(`${saved.username} is saved.`)
    if (saved.key !== null) {
      await tellOnce(`The key of ${saved.username}`, [
        ['User name', saved.username],
        ['API key', saved.key],
      ])
    }
  }

  const columns: readonly Column<User>[] = [
    { title: 'User name', cell: ({ username }) => username },
    { title: 'Role', cell: ({ role }) => role ?? 'none: cannot log in' },
    {
      title: 'State',
      cell: ({ active }) => (active ? 'active' : html`<span class="badge problem">disabled</span>`),
    },
    {
      title: 'Change',
      kind: 'actions',
      cell: (user) =>
        html`<button type="button" class="quiet" aria-label="Change ${user.username}" @click=${() => save(user)}>Change</button>`,
    },
  ]

  return {
    title: 'Users',
    content: () => html`<div class="toolbar">
        <h1>API users</h1>
        <button type="button" class="primary" @click=${() => save(null)}>Add a user</button>
      </div>
      ${users.shown((found) => table('API users', columns, found, 'No users yet.'))}`,
  }
}

async function askUser({ api }: PageContext, user: User | null): Promise<SavedUser | null> {
  let saved: SavedUser | null = null
  await askForm({
    title: user ? user.username : 'Add a user',
    action: 'Save',
    fields: [
      ...(user ? [] : [{ name: 'username', label: 'User name', required: true }]),
      {
        name: 'key',
        label: user ? 'New API key' : 'API key',
        hint: user ? 'Without one, the key stays.' : 'Without one, a key is generated and shown once.',
      },
      {
        name: 'role',
        label: 'Role',
        value: user?.role ?? 'all',
        hint: 'The role all may do everything, here too.',
      },
      {
        name: 'resources',
        label: 'Access rules of the role',
        kind: 'area',
        hint: 'One a line, such as catalog/product/media/info; for a new role, or to change an old one for all who have it.',
      },
      { name: 'active', label: 'Active', kind: 'check', value: user?.active ?? true },
    ],
    async send(filled) {
      const [key, role, resources] = [filled.text('key'), filled.text('role'), filled.text('resources')]
      const username = user?.username ?? filled.text('username') ?? ''
      saved = await api.put<SavedUser>(`/users/${encodeURIComponent(username)}`, {
        ...(key !== null && { key }),
        ...(role !== null && { role }),
        ...(resources !== null && { resources: linesOf(resources) }),
        active: filled.isTicked('active'),
      } satisfies UserChange)
    },
  })
  return saved
}

function linesOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((line) => line !== '')
}
