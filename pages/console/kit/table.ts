import { html, type TemplateResult } from './lit.js'
import { empty } from './page.js'

export interface Column<T> {
  readonly title: string
  cell(row: T): unknown
  readonly kind?: 'number' | 'actions'
}

/**
 * Draws a table whose first column names its rows.
 *
 * @param whenEmpty is the notice that replaces a table without rows
 */
export function table<T>(
  name: string,
  columns: readonly Column<T>[],
  rows: readonly T[],
  whenEmpty: string,
): TemplateResult {
  if (rows.length === 0) return empty(whenEmpty)
  const [first, ...others] = columns
  return html`<div class="table" role="region" aria-label=${name} tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map(({ title, kind }) => html`<th scope="col" class=${classOf(kind)}>${kind === 'actions' ? html`<span class="unseen">${title}</span>` : title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${first?.cell(row)}</th>
              ${others.map(({ cell, kind }) => html`<td class=${classOf(kind)}>${cell(row)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function classOf(kind: Column<unknown>['kind']): string {
  if (kind === 'number') return 'number'
  return kind === 'actions' ? 'row-actions' : ''
}
