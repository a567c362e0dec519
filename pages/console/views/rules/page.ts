import { announce } from '../../kit/announce.js'
import { confirmed } from '../../kit/dialog.js'
import { html } from '../../kit/lit.js'
import { Loaded, type Page, type PageContext } from '../../kit/page.js'
import type { FaultGuide, Rule } from '../../kit/shapes.js'
import { type Column, table } from '../../kit/table.js'
import { Tasks } from '../../kit/task.js'
import { askRule } from './form.js'
import { answerOf, conditionsOf } from './words.js'

/** Shows the fault rules of a test double. */
export function rulesPage(context: PageContext): Page {
  const rules = new Loaded<readonly Rule[]>(context, () => context.api.get('/rules'))
  const faults = new Loaded<readonly FaultGuide[]>(context, () => context.api.get('/faults'))
  const tasks = new Tasks(context, () => rules.reload())
  void rules.reload()
  void faults.reload()

  async function save(rule: Rule | null): Promise<void> {
    if (!(await askRule(context.api, faults.value ?? [], rule))) return
    await rules.reload()
    announce('The rule is saved.')
  }

  const toggle = ({ id, hits: _, ...rule }: Rule) =>
    tasks.run(async () => {
      await context.api.put(`/rules/${id}`, { ...rule, enabled: !rule.enabled })
      return rule.enabled ? 'The rule rests.' : 'The rule is in force.'
    })

  const remove = ({ id }: Rule) =>
    tasks.run(async () => {
      await context.api.delete(`/rules/${id}`)
      return 'The rule is removed.'
    })

  async function removeAll(): Promise<void> {
    if (
      !(await confirmed({
        title: 'Remove all rules?',
        text: 'Every call is answered as it should be again.',
        action: 'Remove all',
      }))
    )
      return
    await tasks.run(async () => {
      await context.api.delete('/rules')
      return 'All rules are removed.'
    })
  }

  const columns: readonly Column<Rule>[] = [
    { title: 'Rule', cell: (rule) => rule.name || conditionsOf(rule) },
    { title: 'Calls', cell: conditionsOf },
    { title: 'Answer', cell: (rule) => answerOf(rule, faults.value ?? []) },
    { title: 'Times', cell: ({ hits, times }) => (times === undefined ? `${hits}` : `${hits} of ${times}`) },
    {
      title: 'State',
      cell: ({ enabled, hits, times }) =>
        times !== undefined && hits >= times ? 'spent' : enabled ? 'in force' : 'at rest',
    },
    {
      title: 'Change',
      kind: 'actions',
      cell: (
        rule,
      ) => html`<button type="button" class="quiet" aria-label="Change rule ${nameOf(rule)}" @click=${() => save(rule)}>Change</button>
        <button type="button" class="quiet" aria-label="${rule.enabled ? 'Disable' : 'Enable'} rule ${nameOf(rule)}" @click=${() => toggle(rule)}>${rule.enabled ? 'Disable' : 'Enable'}</button>
        <button type="button" class="quiet" aria-label="Remove rule ${nameOf(rule)}" @click=${() => remove(rule)}>Remove</button>`,
    },
  ]

  return {
    title: 'Rules',
    content: () => html`<div class="toolbar">
        <h1>Fault rules</h1>
        <div class="filters">
          <button type="button" @click=${removeAll}>Remove all</button>
          <button type="button" class="primary" @click=${() => save(null)}>Add a rule</button>
        </div>
      </div>
      <p class="note">The first rule that is for a call answers it.</p>
      ${tasks.shown()}
      ${rules.shown((found) => table('Fault rules', columns, found, 'No rules: every call is answered as it should be.'))}`,
  }
}

function nameOf(rule: Rule): string {
  return rule.name || rule.id
}
