import { announce } from './announce.js'
import { html, nothing, type TemplateResult } from './lit.js'
import { type Desk, messageOf } from './page.js'

/** What an operator sets in motion on a page: how it ended is said there, and to a screen reader. */
export class Tasks {
  #problem: string | null = null

  /** @param reload what shows the page as it is afterwards */
  constructor(
    private readonly desk: Pick<Desk, 'redraw'>,
    private readonly reload: () => Promise<void>,
  ) {}

  /** Does it; `work` answers what is to be said of it. */
  async run(work: () => Promise<string>): Promise<void> {
    this.#problem = null
    let done = ''
    try {
      done = await work()
    } catch (thrown) {
      this.#problem = messageOf(thrown)
    }
    await this.reload()
    this.desk.redraw()
    announce(this.#problem ?? done)
  }

  /** What went wrong last, if it did. */
  shown(): TemplateResult | typeof nothing {
    return this.#problem === null
      ? nothing
      : html`<p class="notice problem" role="alert">${this.#problem}</p>`
  }
}
