import type { Api } from './api.js'
import { html, type TemplateResult } from './lit.js'

/** What every page receives. */
export interface PageContext {
  readonly api: Api
  /** Draws the page again, with its current state. */
  redraw(): void
}

/** One page of the console. It is drawn again whenever something has changed. */
export interface Page {
  readonly title: string
  content(): TemplateResult
  /** Is called when another page replaces this one. */
  closed?(): void
}

/** A value that is loaded from the server, and drawn once it has arrived. */
export class Loaded<T> {
  #value: T | undefined
  #error: string | null = null

  constructor(
    private readonly context: Pick<PageContext, 'redraw'>,
    private readonly load: () => Promise<T>,
  ) {}

  get value(): T | undefined {
    return this.#value
  }

  /** Loads the value, or loads it again. The old value stays until the answer arrives. */
  async reload(): Promise<void> {
    try {
      this.#value = await this.load()
      this.#error = null
    } catch (thrown) {
      this.#error = messageOf(thrown)
    }
    this.context.redraw()
  }

  /** Draws the value with `show`. Before it has arrived, draws that it is loading, or why loading failed. */
  shown(show: (value: T) => TemplateResult): TemplateResult {
    if (this.#error !== null)
      return html`<div class="notice problem" role="alert">
        <p>${this.#error}</p>
        <button type="button" @click=${() => this.reload()}>Try again</button>
      </div>`
    if (this.#value === undefined) return html`<p class="loading" role="status">Loading…</p>`
    return show(this.#value)
  }
}

/** Returns what went wrong, in words for the operator. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof TypeError) return 'The server cannot be reached.'
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Draws a notice that a list is empty. @param text says so, and what to do */
export function empty(text: string): TemplateResult {
  return html`<p class="empty">${text}</p>`
}
