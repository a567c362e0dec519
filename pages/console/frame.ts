import { html, nothing, type TemplateResult } from './kit/lit.js'
import type { Session } from './kit/shapes.js'
import type { Place } from './places.js'

export interface FrameOptions {
  readonly session: Session
  readonly places: readonly Place[]
  readonly current: Place | null
  readonly signOut: () => void
}

/** Draws what surrounds every page: the navigation, with the current page marked, and the operator's name. */
export function frame(
  { session, places, current, signOut }: FrameOptions,
  content: TemplateResult,
): TemplateResult {
  return html`<a class="skip" href="#main" @click=${toMain}>To the content</a>
    <header class="masthead">
      <a class="wordmark" href="#/products">Keepsake</a>
      <nav aria-label="Console">
        <ul>
          ${places.map(
            (place) =>
              html`<li>
                <a href="#/${place.name}" aria-current=${place === current ? 'page' : nothing}>${place.title}</a>
              </li>`,
          )}
        </ul>
      </nav>
      <p class="who">
        ${session.double ? html`<span class="badge">test double</span>` : nothing}
        ${
          session.user === null
            ? nothing
            : html`<span class="user">${session.user}</span>
              <button type="button" class="quiet" @click=${signOut}>Sign out</button>`
        }
      </p>
    </header>
    <main id="main" tabindex="-1">${content}</main>`
}

/**
 * Moves the focus to the page's main part. It leaves the address alone, because the address names the page that is
 * shown.
 */
function toMain(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
