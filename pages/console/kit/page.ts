import type { Api } from './api.js'
import { html, type TemplateResult } from './lit.js'

/** What every page is given. */
export interface Desk {
  readonly api: Api
  /** Shows the page as it is now. */
  redraw(): void
}

/** One page of the console, drawn anew whenever something has changed. */
export interface Page {
  readonly title: string
  content(): TemplateResult
  /** Called when another page takes its place. */
  closed?(): void
}

/** Something that is asked of the server, and shown once it is here. */
export class Loaded<T> {
  #value: T | undefined
  #error: string | null = null

  constructor(
    private readonly desk: Pick<Desk, 'redraw'>,
    private readonly load: () => Promise<T>,
  ) {}

  get value(): T | undefined {
    return this.#value
  }

  /** Asks for it, or asks again; what was there stays until the answer comes. */
  async reload(): Promise<void> {
    try {
      this.#value = await this.load()
      this.#error = null
    } catch (thrown) {
      this.#error = messageOf(thrown)
    }
    this.desk.redraw()
  }

  /** The value as `show` has it; until then, that it is being loaded, or why it could not be. */
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

/** What went wrong, for a person. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof TypeError) return 'The server cannot be reached.'
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** When there is nothing yet, and what to do about it. */
export function empty(text: string): TemplateResult {
  return html`<p class="empty">${text}</p>`
}
