import { html, nothing, type TemplateResult } from '../../kit/lit.js'
import type { JournalCall, JournalEntry, Message } from '../../kit/shapes.js'
import { prettyPrint } from './prettyPrint.js'

/** Draws all details of one request and its answer. */
export function entryDetails(entry: JournalEntry): TemplateResult {
  const { id, method, request, answer, calls } = entry
  return html`<h2 id="entry-title">Call ${id}: ${method}</h2>
    <p class="note">
      ${timeOf(entry)}, ${entry.protocol}, ${entry.user ?? 'nobody logged in'}, ${milliseconds(entry)} ms
    </p>
    ${
      entry.reason === null
        ? nothing
        : html`<p class="notice problem"><span><b>Why:</b> ${entry.reason}</span></p>`
    }
    ${entry.hints.map((hint) => html`<p class="notice">${hint}</p>`)}
    ${entry.rule === null ? nothing : html`<p class="notice">A rule answered it: <a href="#/rules">${entry.rule}</a></p>`}
    ${entry.spoilt === null ? nothing : html`<p class="notice">The answer was spoilt: ${entry.spoilt}.</p>`}
    ${calls.map(callDetails)}
    ${message(`Request: ${request.method} ${request.target}`, request)}
    ${message(`Answer: HTTP ${answer.status}`, answer)}`
}

function callDetails(call: JournalCall): TemplateResult {
  return html`<section class="call">
    <h3>${call.path}</h3>
    <dl>
      ${Object.entries(call.arguments).map(
        ([name, value]) => html`<div><dt>${name}</dt><dd><code>${shown(value)}</code></dd></div>`,
      )}
      ${
        call.fault === null
          ? html`<div><dt>answered</dt><dd><code>${shown(call.value)}</code></dd></div>`
          : html`<div><dt>fault</dt><dd>${faultBadge(call.fault.code)} ${call.fault.message}</dd></div>`
      }
    </dl>
  </section>`
}

function message(title: string, { headers, body }: Message): TemplateResult {
  return html`<details open>
    <summary>${title}</summary>
    <details class="headers">
      <summary>Headers</summary>
      <dl>${Object.entries(headers).map(([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl>
    </details>
    ${
      body === null || body === ''
        ? html`<p class="note">No body.</p>`
        : html`<pre tabindex="0" aria-label=${title}>${prettyPrint(body)}</pre>`
    }
  </details>`
}

/** Draws in a word how a call ended. */
export function outcome({ fault, spoilt, status }: JournalEntry): TemplateResult {
  if (spoilt !== null) return html`<span class="badge problem">${spoilt}</span>`
  if (fault !== null) return faultBadge(fault.code)
  return status >= 400
    ? html`<span class="badge problem">HTTP ${status}</span>`
    : html`<span class="fine">ok</span>`
}

function faultBadge(code: number | string): TemplateResult {
  return html`<span class="badge problem">fault ${code}</span>`
}

export function timeOf({ at }: JournalEntry): string {
  return new Date(at).toLocaleTimeString([], { hour12: false })
}

export function milliseconds({ seconds }: JournalEntry): string {
  return (seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)
}

/** Returns the product that was named, by the first call that names one; empty if none does. */
export function productOf({ calls }: JournalEntry): string {
  const given = calls
    .map(({ arguments: named }) => named.product ?? named.productId)
    .find((one) => one !== undefined)
  return given === undefined || given === null ? '' : String(given)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? '')
}
