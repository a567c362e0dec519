import { announce } from './announce.js'
import { html, nothing, type TemplateResult } from './lit.js'
import { messageOf, type PageContext } from './page.js'

/** Runs what an operator starts on a page, and says how it ended, on the page and to a screen reader. */
export class Tasks {
  #problem: string | null = null

  /** @param reload loads the page's contents again after each task */
  constructor(
    private readonly context: Pick<PageContext, 'redraw'>,
    private readonly reload: () => Promise<void>,
  ) {}

  /** Runs `work`, which returns the sentence to say when it has succeeded. */
  async run(work: () => Promise<string>): Promise<void> {
    this.#problem = null
    let done = ''
    try {
      done = await work()
    } catch (thrown) {
      this.#problem = messageOf(thrown)
    }
    await this.reload()
    this.context.redraw()
    announce(this.#problem ?? done)
  }

  /** Draws the problem of the last task; nothing if it succeeded. */
  shown(): TemplateResult | typeof nothing {
    return this.#problem === null
      ? nothing
      : html`<p class="notice problem" role="alert">${this.#problem}</p>`
  }
}
