import { html, render, type TemplateResult } from './lit.js'

let dialogs = 0

/**
 * Opens a dialog over the page; the browser keeps the focus inside, closes it on Escape and gives the focus back.
 *
 * @param content draws the dialog; it may call `close` and `redraw`
 */
export function openDialog(
  title: string,
  content: (close: () => void, redraw: () => void) => TemplateResult,
): Promise<void> {
  const dialog = document.createElement('dialog')
  const id = `dialog-${++dialogs}`
  dialog.setAttribute('aria-labelledby', id)
  const close = () => dialog.close()
  const draw = () => render(html`<h2 id=${id}>${title}</h2>${content(close, draw)}`, dialog)
  document.body.append(dialog)
  draw()
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve()
    })
  })
}

export interface Question {
  readonly title: string
  readonly text: string
  /** The text of the button that confirms. */
  readonly action: string
}

/** Asks for confirmation before something that cannot be undone. */
export async function confirmed({ title, text, action }: Question): Promise<boolean> {
  let answer = false
  await openDialog(
    title,
    (close) => html`<p>${text}</p>
      <div class="actions">
        <button
          type="button"
          class="primary"
          @click=${() => {
            answer = true
            close()
          }}
        >
          ${action}
        </button>
        <button type="button" autofocus @click=${close}>Cancel</button>
      </div>`,
  )
  return answer
}

/** Shows values that the server tells only once, such as a new key. */
export function tellOnce(
  title: string,
  facts: readonly (readonly [name: string, value: string])[],
): Promise<void> {
  return openDialog(
    title,
    (close) => html`<p>Copy this now: it is not shown again.</p>
      <dl class="facts">
        ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}
      </dl>
      <div class="actions"><button type="button" class="primary" @click=${close}>Done</button></div>`,
  )
}
