import { openDialog } from './dialog.js'
import { html, nothing, type TemplateResult } from './lit.js'
import { messageOf } from './page.js'

export interface Option {
  readonly value: string
  readonly label: string
}

/** One field of a form. */
export interface Field {
  readonly name: string
  readonly label: string
  /** The kind of field; `text` by default. `checks` is a group of boxes, whose value is the list of the ticked ones. */
  readonly kind?:
    | 'text'
    | 'number'
    | 'password'
    | 'select'
    | 'check'
    | 'checks'
    | 'area'
    | 'file'
    | 'datetime-local'
  readonly hint?: string
  readonly required?: boolean
  readonly options?: readonly Option[]
  readonly value?: string | boolean | readonly string[]
  readonly accept?: string
}

/** The values that were filled in. Texts are not trimmed. */
export class Filled {
  constructor(private readonly data: FormData) {}

  /** Returns the text of a field; null if it is empty. */
  text(name: string): string | null {
    const value = this.data.get(name)
    return typeof value === 'string' && value !== '' ? value : null
  }

  number(name: string): number | null {
    const text = this.text(name)
    return text === null ? null : Number(text)
  }

  isTicked(name: string): boolean {
    return this.data.has(name)
  }

  ticked(name: string): readonly string[] {
    return this.data.getAll(name).map(String)
  }

  file(name: string): File | null {
    const value = this.data.get(name)
    return value instanceof File && value.size > 0 ? value : null
  }
}

export interface FormDescription {
  readonly title: string
  readonly fields: readonly (Field | FieldGroup)[]
  readonly action: string
  readonly note?: string
  /** Sends the values. If it throws, the form shows the message and stays open. */
  send(filled: Filled): Promise<void>
}

export interface FieldGroup {
  readonly legend: string
  readonly fields: readonly Field[]
}

/** Asks for values in a dialog until they are sent, or the dialog is closed. @returns whether they were sent */
export async function askForm({ title, fields, action, note, send }: FormDescription): Promise<boolean> {
  let error: string | null = null
  let busy = false
  let sent = false
  await openDialog(title, (close, redraw) => {
    const submit = async (event: SubmitEvent) => {
      event.preventDefault()
      if (busy) return
      busy = true
      error = null
      redraw()
      try {
        await send(new Filled(new FormData(event.target as HTMLFormElement)))
        sent = true
        close()
      } catch (thrown) {
        error = messageOf(thrown)
      }
      busy = false
      redraw()
    }
    return html`<form @submit=${submit}>
      ${error === null ? nothing : html`<p class="notice problem" role="alert">${error}</p>`}
      ${note === undefined ? nothing : html`<p class="note">${note}</p>`} ${fields.map(groupOrField)}
      <div class="actions">
        <button class="primary" aria-disabled=${busy}>${busy ? 'One moment…' : action}</button>
        <button type="button" @click=${close}>Cancel</button>
      </div>
    </form>`
  })
  return sent
}

function groupOrField(item: Field | FieldGroup): TemplateResult {
  if (!('legend' in item)) return field(item)
  return html`<fieldset class="group">
    <legend>${item.legend}</legend>
    ${item.fields.map(field)}
  </fieldset>`
}

/** Draws a field with its label. Its hint is linked to it for screen readers. */
export function field(description: Field): TemplateResult {
  const { kind = 'text', hint } = description
  if (kind === 'checks') return boxes(description)
  if (kind === 'check') return box(description)
  return html`<div class="field">
    <label for=${idOf(description)}>${description.label}</label>
    ${control(description)} ${hintOf(hint, idOf(description))}
  </div>`
}

function control(description: Field): TemplateResult {
  const { name, kind = 'text', required = false, options = [], value = '', accept } = description
  const id = idOf(description)
  const describedBy = description.hint === undefined ? nothing : `${id}-hint`
  if (kind === 'select')
    return html`<select id=${id} name=${name} ?required=${required} aria-describedby=${describedBy}>
      ${options.map((option) => html`<option value=${option.value} ?selected=${option.value === value}>${option.label}</option>`)}
    </select>`
  if (kind === 'area')
    return html`<textarea id=${id} name=${name} rows="3" ?required=${required} aria-describedby=${describedBy} .defaultValue=${String(value)}></textarea>`
  return html`<input
    id=${id}
    name=${name}
    type=${kind}
    value=${kind === 'file' ? nothing : String(value)}
    accept=${accept ?? nothing}
    min=${kind === 'number' ? 0 : nothing}
    step=${kind === 'number' ? 'any' : nothing}
    autocomplete="off"
    autocapitalize="none"
    spellcheck="false"
    aria-describedby=${describedBy}
    ?required=${required}
  />`
}

function box(description: Field): TemplateResult {
  const id = idOf(description)
  return html`<div class="field">
    <label class="box">
      <input type="checkbox" name=${description.name} ?checked=${description.value === true} aria-describedby=${description.hint === undefined ? nothing : `${id}-hint`} />
      ${description.label}
    </label>
    ${hintOf(description.hint, id)}
  </div>`
}

function boxes({ name, label, options = [], value }: Field): TemplateResult {
  const ticked = Array.isArray(value) ? value : []
  return html`<fieldset class="field">
    <legend>${label}</legend>
    <div class="boxes">
      ${options.map(
        (option) =>
          html`<label class="box"><input type="checkbox" name=${name} value=${option.value} ?checked=${ticked.includes(option.value)} />${option.label}</label>`,
      )}
    </div>
  </fieldset>`
}

function hintOf(hint: string | undefined, id: string): TemplateResult | typeof nothing {
  return hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`
}

function idOf({ name }: Field): string {
  return `field-${name}`
}
