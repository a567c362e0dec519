import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import type { Accounts, Sessions } from '../api/ports'
import type { RequestContext } from '../contract/request'

/** An operator who has signed in to the console. */
export interface Operator {
  readonly username: string
  /** What its page must send with every change. */
  readonly csrfToken: string
}

export interface OperatorsParts {
  readonly accounts: Accounts
  /** Of operators alone: a client's session is none of theirs. */
  readonly sessions: Sessions
}

const COOKIE = 'keepsake_console'
/** The role of an operator allows everything, as that of OAuth's administrators. */
const EVERYTHING = 'all'

/** API users whose role allows everything, and who have signed in by a cookie that no script can read. */
export class Operators {
  constructor(private readonly parts: OperatorsParts) {}

  /**
   * Opens a session.
   *
   * @returns the cookie that stands for it, or why there is none
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

  /** Whoever the request's cookie stands for, if that may still do everything. */
  async signedIn(request: Request): Promise<Operator | null> {
    const sessionId = sessionIdOf(request)
    const session = sessionId === null ? null : await this.parts.sessions.find(sessionId)
    if (sessionId === null || !session?.rules.has(EVERYTHING)) return null
    return { username: session.username, csrfToken: csrfTokenOf(sessionId) }
  }

  /** Ends the session. @returns what takes the cookie away */
  async signOut(request: Request, context: RequestContext): Promise<string> {
    const sessionId = sessionIdOf(request)
    if (sessionId !== null) await this.parts.sessions.close(sessionId)
    return `${cookieOf('', context)}; Max-Age=0`
  }
}

/** Only the control API ever sees the cookie; it ends with the browser, and never leaves https where that is used. */
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

/** Nobody who does not know the session's id can tell it, and it does not tell the id. */
function csrfTokenOf(sessionId: string): string {
  return createHmac('sha256', sessionId).update('csrf').digest('hex')
}
