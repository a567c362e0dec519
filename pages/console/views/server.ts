import { confirmed } from '../kit/dialog.js'
import { html, nothing, type TemplateResult } from '../kit/lit.js'
import { Loaded, type Page, type PageContext } from '../kit/page.js'
import type { ServerState } from '../kit/shapes.js'
import { Tasks } from '../kit/task.js'

/** Shows a test double's contents and options, and buttons to reset it. */
export function serverPage(context: PageContext): Page {
  const state = new Loaded<ServerState>(context, () => context.api.get('/'))
  const tasks = new Tasks(context, () => state.reload())
  void state.reload()
  const { api } = context

  async function reset(): Promise<void> {
    const isSure = await confirmed({
      title: 'Reset the test double?',
      text: 'Rows, images, rules, journal and clock become what they were when the server had started and taken its seed.',
      action: 'Reset',
    })
    if (!isSure) return
    await tasks.run(async () => {
      await api.post('/reset', {})
      return 'Everything is as it was at the start.'
    })
  }

  const clock = (change: object | null, said: string) =>
    tasks.run(async () => {
      if (change === null) await api.delete('/clock')
      else await api.put('/clock', change)
      return said
    })

  const setClock = (event: SubmitEvent) => {
    event.preventDefault()
    const given = String(new FormData(event.target as HTMLFormElement).get('now') ?? '')
    if (given === '') return
    void clock({ now: new Date(given).toISOString(), fixed: true }, 'The clock stands still.')
  }

  const snapshot = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const name = String(new FormData(form).get('snapshot') ?? '')
    if (name === '') return
    void tasks.run(async () => {
      await api.put(`/snapshots/${encodeURIComponent(name)}`, {})
      form.reset()
      return `The snapshot ${name} is taken.`
    })
  }

  const restore = (name: string) =>
    tasks.run(async () => {
      await api.post(`/snapshots/${encodeURIComponent(name)}/restore`, {})
      return `Everything is as in the snapshot ${name}.`
    })

  const drop = (name: string) =>
    tasks.run(async () => {
      await api.delete(`/snapshots/${encodeURIComponent(name)}`)
      return `The snapshot ${name} is dropped.`
    })

  const toggle = (name: 'loose' | 'ids', value: object) =>
    tasks.run(async () => {
      await api.put(`/${name}`, value)
      return 'It is set.'
    })

  function shown(value: ServerState): TemplateResult {
    const { version, products, stores, users, deterministic, loose, snapshots } = value
    return html`<dl class="figures">
        ${figures({ Version: version, Products: products, 'Store views': stores, Users: users })}
      </dl>
      <div class="panels">
        <section class="column" aria-labelledby="reset-title">
          <h2 id="reset-title">Reset</h2>
          <p class="note">Back to what the server was when it had started and taken its seed.</p>
          <p><button type="button" class="primary" @click=${reset}>Reset…</button></p>
        </section>
        ${clockPanel(value)}
        <section class="column" aria-labelledby="snapshots-title">
          <h2 id="snapshots-title">Snapshots</h2>
          <p class="note">The rows and images under a name, to come back to.</p>
          <ul class="snapshots">
            ${snapshots.map(
              (name) => html`<li>
                <span>${name}</span>
                <button type="button" class="quiet" aria-label="Restore ${name}" @click=${() => restore(name)}>Restore</button>
                <button type="button" class="quiet" aria-label="Drop ${name}" @click=${() => drop(name)}>Drop</button>
              </li>`,
            )}
          </ul>
          <form class="inline" @submit=${snapshot}>
            <div class="field"><label for="snapshot">Name</label><input id="snapshot" name="snapshot" required autocomplete="off" /></div>
            <button>Take</button>
          </form>
        </section>
        <section class="column" aria-labelledby="ways-title">
          <h2 id="ways-title">How it answers</h2>
          <label class="box"><input type="checkbox" .checked=${loose} @change=${() => toggle('loose', { loose: !loose })} /> Loose: unknown products are made, any key logs in</label>
          <label class="box"><input type="checkbox" .checked=${deterministic} @change=${() => toggle('ids', { deterministic: !deterministic })} /> Ids in the same order from each reset on</label>
        </section>
      </div>`
  }

  function clockPanel({ clock: { now, fixed } }: ServerState): TemplateResult {
    return html`<section class="column" aria-labelledby="clock-title">
      <h2 id="clock-title">Clock</h2>
      <p><time datetime=${now}>${new Date(now).toLocaleString()}</time>${fixed ? ', standing still' : nothing}</p>
      <p class="actions">
        <button type="button" @click=${() => clock({ advanceSeconds: 3600, fixed }, 'It is an hour later.')}>An hour on</button>
        <button type="button" @click=${() => clock({ advanceSeconds: 86_400, fixed }, 'It is a day later.')}>A day on</button>
        <button type="button" @click=${() => clock(null, 'The clock shows the real time.')}>Real time</button>
      </p>
      <form class="inline" @submit=${setClock}>
        <div class="field"><label for="now">Stand still at</label><input id="now" name="now" type="datetime-local" step="1" required /></div>
        <button>Set</button>
      </form>
    </section>`
  }

  return {
    title: 'Server',
    content: () => html`<h1>Test double</h1>
      ${tasks.shown()} ${state.shown(shown)}`,
  }
}

function figures(named: Readonly<Record<string, string | number>>): readonly TemplateResult[] {
  return Object.entries(named).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)
}
