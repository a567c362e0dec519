import { announce } from '../../kit/announce.js'
import { field, type Option } from '../../kit/form.js'
import { html, nothing, repeat, type TemplateResult } from '../../kit/lit.js'
import { empty, messageOf, type Page, type PageContext } from '../../kit/page.js'
import type { JournalEntry } from '../../kit/shapes.js'
import { PROTOCOLS } from '../rules/words.js'
import { comparison } from './compare.js'
import { Entries } from './entries.js'
import { entryDetails, milliseconds, outcome, productOf, timeOf } from './entry.js'
import { EVERYTHING, type Filter, passes } from './filter.js'

const SHOWN_PROTOCOLS: readonly Option[] = [
  ...PROTOCOLS.filter(([value]) => value !== 'soap').map(([value, label]) => ({ value, label })),
  { value: 'oauth', label: 'OAuth' },
  { value: 'media', label: 'Images' },
  { value: 'other', label: 'Anything else' },
]

/** Shows the journal of a test double, with new entries as they arrive. */
export function journalPage(context: PageContext, shownFirst: number | null): Page {
  let filter: Filter = EVERYTHING
  let selected = shownFirst
  let compared: readonly number[] = []
  let problem: string | null = null
  const entries = new Entries(context, (entry) => {
    if (passes(filter, entry))
      announce(`Call ${entry.id}: ${entry.method}${entry.fault ? `, fault ${entry.fault.code}` : ''}`)
  })
  void entries.start()

  const find = (id: number | null | undefined) => entries.all.find((entry) => entry.id === id) ?? null

  function filtered(event: Event): void {
    const given = new FormData((event.currentTarget as HTMLFormElement) ?? undefined)
    filter = {
      protocol: String(given.get('protocol') ?? ''),
      text: String(given.get('text') ?? ''),
      faultsOnly: given.has('faultsOnly'),
    }
    context.redraw()
  }

  function select(id: number): void {
    selected = id
    compared = []
    context.redraw()
    document.getElementById('entry')?.focus()
  }

  /** Keeps the last two entries that were ticked, for the comparison, the earlier one first. */
  function compare(id: number, isTicked: boolean): void {
    compared = isTicked ? [...compared, id].slice(-2) : compared.filter((other) => other !== id)
    context.redraw()
    if (compared.length === 2) document.getElementById('entry')?.focus()
  }

  function toggle(): void {
    if (entries.isLive) entries.pause()
    else void entries.start()
    context.redraw()
  }

  async function clear(): Promise<void> {
    try {
      await entries.clear()
      problem = null
      selected = null
      compared = []
      announce('The journal is empty.')
    } catch (thrown) {
      problem = messageOf(thrown)
    }
    context.redraw()
  }

  function list(): TemplateResult {
    const found = entries.all.filter((entry) => passes(filter, entry))
    if (!entries.isLoaded) return html`<p class="loading" role="status">Loading…</p>`
    if (found.length === 0)
      return empty(
        entries.all.length === 0
          ? 'No calls yet: they appear here as they arrive.'
          : 'No call passes the filter.',
      )
    return html`<div class="table" role="region" aria-label="Calls" tabindex="0">
      <table class="calls">
        <thead>
          <tr>
            <th scope="col">Call</th>
            <th scope="col">Protocol</th>
            <th scope="col">Product</th>
            <th scope="col">Outcome</th>
            <th scope="col">User</th>
            <th scope="col" class="number">ms</th>
            <th scope="col">Time</th>
            <th scope="col">Compare</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(found, ({ id }) => id, row)}
        </tbody>
      </table>
    </div>`
  }

  function row(entry: JournalEntry): TemplateResult {
    const { id } = entry
    return html`<tr class=${id === selected ? 'selected' : ''}>
      <th scope="row">
        <button type="button" class="quiet" aria-pressed=${id === selected} @click=${() => select(id)}>${id} ${entry.method}</button>
      </th>
      <td>${entry.protocol}</td>
      <td>${productOf(entry)}</td>
      <td>${outcome(entry)}</td>
      <td>${entry.user ?? ''}</td>
      <td class="number">${milliseconds(entry)}</td>
      <td>${timeOf(entry)}</td>
      <td><input type="checkbox" aria-label="Compare call ${id}" .checked=${compared.includes(id)} @change=${(event: Event) => compare(id, (event.target as HTMLInputElement).checked)} /></td>
    </tr>`
  }

  function details(): TemplateResult | typeof nothing {
    const [one, other] = compared.toSorted((a, b) => a - b).map(find)
    if (one && other) return panel(comparison(one, other))
    const entry = find(selected)
    return entry ? panel(entryDetails(entry)) : nothing
  }

  return {
    title: 'Journal',
    closed: () => entries.pause(),
    content: () => html`<div class="toolbar">
        <h1>Journal</h1>
        <form class="filters" @input=${filtered} @submit=${(event: Event) => event.preventDefault()}>
          ${field({ name: 'protocol', label: 'Protocol', kind: 'select', options: SHOWN_PROTOCOLS })}
          ${field({ name: 'text', label: 'Method, user or argument' })}
          ${field({ name: 'faultsOnly', label: 'Faults only', kind: 'check' })}
          <button type="button" aria-pressed=${!entries.isLive} @click=${toggle}>${entries.isLive ? 'Pause' : 'Go on'}</button>
          <button type="button" @click=${clear}>Clear</button>
        </form>
      </div>
      ${problemShown(problem ?? entries.problem)}
      <div class="journal">${list()} ${details()}</div>`,
  }
}

function panel(content: TemplateResult): TemplateResult {
  return html`<section class="entry" id="entry" tabindex="-1" aria-labelledby="entry-title">${content}</section>`
}

function problemShown(problem: string | null): TemplateResult | typeof nothing {
  return problem === null ? nothing : html`<p class="notice problem" role="alert">${problem}</p>`
}
