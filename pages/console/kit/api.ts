import type { Session } from './shapes.js'

/** The control API refused, and says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** Below the page's own path, so that a proxy may put it anywhere. */
const CONTROL = new URL('../_keepsake', document.baseURI).href

/** The control API, as the page's operator may use it. */
export class Api {
  #csrfToken: string | null = null

  /** @param onSignedOut called when the server no longer knows the operator */
  constructor(private readonly onSignedOut: () => void) {}

  /** Who is signed in; null when somebody has to be, and nobody is. */
  async session(): Promise<Session | null> {
    const answer = await fetch(`${CONTROL}/session`)
    if (answer.status === 401) return null
    const session = (await read(answer)) as Session
    this.#csrfToken = session.csrfToken
    return session
  }

  /** @throws Refusal */
  async signIn(username: string, apiKey: string): Promise<void> {
    await this.#send('POST', '/session', { username, apiKey })
  }

  async signOut(): Promise<void> {
    await this.#send('DELETE', '/session')
    this.#csrfToken = null
  }

  /** @throws Refusal */
  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path)
  }

  /** @throws Refusal */
  post<T>(path: string, body: object): Promise<T> {
    return this.#ask<T>('POST', path, body)
  }

  /** @throws Refusal */
  put<T>(path: string, body: object): Promise<T> {
    return this.#ask<T>('PUT', path, body)
  }

  /** @throws Refusal */
  delete<T>(path: string): Promise<T> {
    return this.#ask<T>('DELETE', path)
  }

  /** Events as they come, until it is closed. */
  stream(path: string): EventSource {
    return new EventSource(`${CONTROL}${path}`)
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.#send(method, path, body).catch((thrown: unknown) => {
      if (thrown instanceof Refusal && thrown.status === 401) this.onSignedOut()
      throw thrown
    })
    return answer as T
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${CONTROL}${path}`, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(this.#csrfToken !== null && { 'x-csrf-token': this.#csrfToken }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return read(answer)
  }
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text()
  if (answer.ok) return text === '' ? undefined : JSON.parse(text)
  throw new Refusal(answer.status, errorIn(text) ?? `The server answered ${answer.status}.`)
}

function errorIn(text: string): string | null {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? null
  } catch {
    return null
  }
}
