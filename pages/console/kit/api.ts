import type { Session } from './shapes.js'

/** Says that the control API refused a request. The message gives the reason. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** The URL of the control API, relative to the page's own: a proxy may serve both below any path. */
const CONTROL = new URL('../_keepsake', document.baseURI).href

/** Sends requests to the control API for the operator who has signed in. */
export class Api {
  #csrfToken: string | null = null

  /** @param onSignedOut is called when the server no longer accepts the operator's session */
  constructor(private readonly onSignedOut: () => void) {}

  /** Returns who is signed in; null if nobody is, and the server requires it. */
  async session(): Promise<Session | null> {
    const answer = await fetch(`${CONTROL}/session`)
    if (answer.status === 401) return null
    const session = (await read(answer)) as Session
    this.#csrfToken = session.csrfToken
    return session
  }

  /** Signs the operator in. @throws RefusedRequest for a wrong name or key */
  async signIn(username: string, apiKey: string): Promise<void> {
    await this.#send('POST', '/session', { username, apiKey })
  }

  async signOut(): Promise<void> {
    await this.#send('DELETE', '/session')
    this.#csrfToken = null
  }

  /** Returns what the server answers. @throws RefusedRequest */
  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path)
  }

  /** Returns what the server answers. @throws RefusedRequest */
  post<T>(path: string, body: object): Promise<T> {
    return this.#ask<T>('POST', path, body)
  }

  /** Returns what the server answers. @throws RefusedRequest */
  put<T>(path: string, body: object): Promise<T> {
    return this.#ask<T>('PUT', path, body)
  }

  /** Returns what the server answers. @throws RefusedRequest */
  delete<T>(path: string): Promise<T> {
    return this.#ask<T>('DELETE', path)
  }

  /** Opens a stream of events. The caller closes it. */
  stream(path: string): EventSource {
    return new EventSource(`${CONTROL}${path}`)
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.#send(method, path, body).catch((thrown: unknown) => {
      if (thrown instanceof RefusedRequest && thrown.status === 401) this.onSignedOut()
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
  throw new RefusedRequest(answer.status, errorIn(text) ?? `The server answered ${answer.status}.`)
}

function errorIn(text: string): string | null {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? null
  } catch {
    return null
  }
}
