import { frame } from './frame.js'
import { announce } from './kit/announce.js'
import { Api } from './kit/api.js'
import { render, type TemplateResult } from './kit/lit.js'
import { messageOf, type Page } from './kit/page.js'
import type { Session } from './kit/shapes.js'
import { PLACES, type Place } from './places.js'
import { signInPage } from './views/signIn.js'

/** The console. It asks the server who is signed in, and shows the page that the address names. */
class Console {
  readonly #root = document.getElementById('console') as HTMLElement
  readonly #api = new Api(() => this.#showSignIn('Your session has ended: sign in again.'))
  #session: Session | null = null
  #place: Place | null = null
  #page: Page | null = null
  #signIn: (() => TemplateResult) | null = null

  async start(): Promise<void> {
    window.addEventListener('hashchange', () => {
      this.#open()
      this.#arrive()
    })
    await this.#begin()
  }

  async #begin(): Promise<void> {
    this.#session = await this.#api.session()
    if (this.#session === null) this.#showSignIn(null)
    else this.#open()
  }

  #showSignIn(reason: string | null): void {
    this.#close()
    this.#session = null
    document.title = 'Sign in – Keepsake'
    this.#signIn = signInPage({
      api: this.#api,
      redraw: () => this.#draw(),
      onSignedIn: async () => {
        await this.#begin()
        this.#arrive()
      },
      reason,
    })
    this.#draw()
    document.getElementById('username')?.focus()
  }

  /** Opens the page that the address names. */
  #open(): void {
    const session = this.#session
    if (session === null) return
    this.#signIn = null
    this.#close()
    const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
    const places = placesOf(session)
    this.#place = places.find((place) => place.name === name) ?? places[0] ?? null
    this.#page = this.#place?.open({ api: this.#api, redraw: () => this.#draw() }, rest) ?? null
    this.#draw()
  }

  /**
   * Moves the focus to a page that the operator has gone to. The first page needs none: the browser starts at its top.
   */
  #arrive(): void {
    if (this.#page === null) return
    document.getElementById('main')?.focus()
    announce(this.#page.title)
    window.scrollTo(0, 0)
  }

  #close(): void {
    this.#page?.closed?.()
    this.#page = null
  }

  #draw(): void {
    if (this.#signIn) {
      render(this.#signIn(), this.#root)
      return
    }
    const [session, page] = [this.#session, this.#page]
    if (session === null || page === null) return
    document.title = `${page.title} – Keepsake`
    const signOut = () => void this.#signOut()
    render(
      frame({ session, places: placesOf(session), current: this.#place, signOut }, page.content()),
      this.#root,
    )
  }

  async #signOut(): Promise<void> {
    await this.#api.signOut()
    this.#showSignIn(null)
    announce('You are signed out.')
  }
}

function placesOf({ double }: Session): readonly Place[] {
  return PLACES.filter(({ doubleOnly }) => double || !doubleOnly)
}

new Console().start().catch((thrown: unknown) => {
  document.body.append(messageOf(thrown))
})
