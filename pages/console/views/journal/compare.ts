import { diffLines } from '../../diff/diff/line.js'
import { html, type TemplateResult } from '../../kit/lit.js'
import type { JournalEntry } from '../../kit/shapes.js'
import { prettyPrint } from './prettyPrint.js'

/** Draws a comparison of two calls, line by line. Lines that only the earlier or only the later one has are marked. */
export function comparison(one: JournalEntry, other: JournalEntry): TemplateResult {
  return html`<h2 id="entry-title">Calls ${one.id} and ${other.id} compared</h2>
    <p class="note">
      Lines with <del>−</del> are of call ${one.id} alone, those with <ins>+</ins> of call ${other.id}.
    </p>
    ${difference('Requests', one.request.body, other.request.body)}
    ${difference('Answers', one.answer.body, other.answer.body)}`
}

function difference(title: string, before: string | null, after: string | null): TemplateResult {
  const parts = diffLines(`${prettyPrint(before ?? '')}\n`, `${prettyPrint(after ?? '')}\n`)
  const isSame = parts.every(({ added, removed }) => !added && !removed)
  return html`<details open>
    <summary>${title}${isSame ? ': the same' : ''}</summary>
    <pre class="difference" tabindex="0" aria-label=${title}>${parts.map(({ value, added, removed }) => {
      if (added) return html`<ins>${marked(value, '+')}</ins>`
      return removed ? html`<del>${marked(value, '−')}</del>` : html`<span>${marked(value, ' ')}</span>`
    })}</pre>
  </details>`
}

function marked(lines: string, sign: string): string {
  return lines
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${sign} ${line}`)
    .join('\n')
}
