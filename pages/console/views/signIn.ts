import type { Api } from '../kit/api.js'
import { html, nothing, type TemplateResult } from '../kit/lit.js'
import { messageOf } from '../kit/page.js'

export interface SignInOptions {
  readonly api: Api
  readonly redraw: () => void
  readonly onSignedIn: () => Promise<void>
  /** Why an operator who was signed in has to sign in again; null for the first sign-in. */
  readonly reason: string | null
}

/** Shows the form by which an operator signs in. */
export function signInPage({ api, redraw, onSignedIn, reason }: SignInOptions): () => TemplateResult {
  let error = reason
  let busy = false

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    const form = event.target as HTMLFormElement
    const given = new FormData(form)
    busy = true
    error = null
    redraw()
    try {
      await api.signIn(String(given.get('username')), String(given.get('apiKey')))
      await onSignedIn()
      return
    } catch (thrown) {
      error = messageOf(thrown)
    }
    busy = false
    redraw()
    form.querySelector<HTMLInputElement>('[name=apiKey]')?.select()
  }

  return () => html`<main id="main" class="sign-in" tabindex="-1">
    <p class="wordmark">Keepsake</p>
    <h1>Sign in</h1>
    <p class="note">As an API user whose role allows everything (<code>all</code>).</p>
    ${error === null ? nothing : html`<p class="notice problem" role="alert">${error}</p>`}
    <form @submit=${submit}>
      <div class="field">
        <label for="username">User name</label>
        <input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required />
      </div>
      <div class="field">
        <label for="api-key">API key</label>
        <input id="api-key" name="apiKey" type="password" autocomplete="current-password" required />
      </div>
      <div class="actions"><button class="primary" aria-disabled=${busy}>${busy ? 'One moment…' : 'Sign in'}</button></div>
    </form>
  </main>`
}
