import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import type { Accounts, InspectableSessions } from '../api/ports'
import type { RequestContext } from '../contract/request'

/** An operator who has signed in to the console. */
export interface Operator {
  readonly username: string
  /** The token that the console must send with every change. */
  readonly csrfToken: string
}

export interface OperatorsParts {
  readonly accounts: Accounts
  /** The sessions of operators. A session of an API client is not valid here. */
  readonly sessions: InspectableSessions
}

const COOKIE = 'keepsake_console'
/** The access rule that an operator's role must have. OAuth requires the same of administrators. */
const EVERYTHING = 'all'

/**
 * Signs operators in and out. An operator is an API user whose role allows everything; the session is in a cookie that
 * scripts cannot read.
 */
export class Operators {
  constructor(private readonly parts: OperatorsParts) {}

  /**
   * Opens a session.
   *
   * @returns the cookie to set, or the reason why the user may not sign in
   */
  async signIn(
    username: string,
    apiKey: string,
    request: RequestContext,
  ): Promise<{ readonly cookie: string } | 'denied' | 'not allowed'> {
    const userId = await this.parts.accounts.authenticate(username, apiKey, request)
    if (userId === null) return 'denied'
    const sessionId = await this.parts.sessions.open(userId)
    const session = await this.parts.sessions.find(sessionId)
    if (session?.rules.has(EVERYTHING)) return { cookie: cookieOf(sessionId, request) }
    await this.parts.sessions.close(sessionId)
    return 'not allowed'
  }

  /**
   * Returns the operator whose cookie the request has; null if there is none, or the role no longer allows everything.
   */
  async signedIn(request: Request): Promise<Operator | null> {
    const sessionId = sessionIdOf(request)
    const session = sessionId === null ? null : await this.parts.sessions.find(sessionId)
    if (sessionId === null || !session?.rules.has(EVERYTHING)) return null
    return { username: session.username, csrfToken: csrfTokenOf(sessionId) }
  }

  /** Returns whether the request's operator is signed in as before. To ask does not renew the session. */
  async stillSignedIn(request: Request): Promise<boolean> {
    const sessionId = sessionIdOf(request)
    const session = sessionId === null ? null : await this.parts.sessions.peek(sessionId)
    return session?.rules.has(EVERYTHING) ?? false
  }

  /** Ends the session. @returns the cookie that removes the session's cookie */
  async signOut(request: Request, context: RequestContext): Promise<string> {
    const sessionId = sessionIdOf(request)
    if (sessionId !== null) await this.parts.sessions.close(sessionId)
    return `${cookieOf('', context)}; Max-Age=0`
  }
}

/**
 * Returns a cookie that only the control API receives. It ends when the browser is closed; over https it is never sent
 * over http.
 */
function cookieOf(sessionId: string, { origin }: RequestContext): string {
  const { protocol, pathname } = new URL(origin.publicUrl)
  const path = `${pathname.replace(/\/$/, '')}/_keepsake`
  const secure = protocol === 'https:' ? '; Secure' : ''
  return `${COOKIE}=${sessionId}; Path=${path}; HttpOnly; SameSite=Strict${secure}`
}

function sessionIdOf(request: Request): string | null {
  const cookies = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='))
  return cookies.find(([name]) => name === COOKIE)?.[1] ?? null
}

/** Derives a token from the session's id. Nobody can compute it without the id, or find the id from it. */
function csrfTokenOf(sessionId: string): string {
  return createHmac('sha256', sessionId).update('csrf').digest('hex')
}
