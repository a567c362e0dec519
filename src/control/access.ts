import { isIP } from 'node:net'
import type { Request, Response } from 'express'
import type { TokenGuard } from '../api/tokenGuard'
import { HttpFault } from '../contract/httpFault'
import { isSameText } from '../contract/sameText'
import { contextOf } from '../http/observe'
import type { Operators } from './operators'

/**
 * Says whether a request that was allowed still is, for a long answer. Asking does not extend the operator's session.
 */
export type StillAllowed = () => Promise<boolean>

/** Lets a request pass, or refuses it. @throws HttpFault */
export type ControlAccess = (request: Request, response: Response) => Promise<StillAllowed>

/** Says who may use the control API. Each of the ways is enough; null stands for one that does not exist. */
export interface WaysIn {
  /** Whether everybody who can reach the port may use it. */
  readonly open: boolean
  readonly token: Pick<TokenGuard, 'admits'> | null
  readonly operators: Operators | null
  /** The host names, in lower case, that only this server has. An open control API answers under them and localhost. */
  readonly ownHosts: ReadonlySet<string>
}

/** The header in which the console sends its CSRF token. A page of another site cannot know the token. */
export const CSRF_HEADER = 'x-csrf-token'
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/**
 * Returns the check for these ways. It always refuses pages of other sites, which the browser names in each request.
 */
export function controlAccess({ open, token, operators, ownHosts }: WaysIn): ControlAccess {
  return async (request, response) => {
    refuseOtherSites(request, response)
    const bearer = bearerOf(request)
    if (bearer !== null && (await token?.admits(bearer, contextOf(response)))) return always
    const operator = (await operators?.signedIn(request)) ?? null
    if (operator) {
      if (
        !SAFE_METHODS.has(request.method) &&
        !isSameText(request.get(CSRF_HEADER) ?? '', operator.csrfToken)
      )
        throw new HttpFault(403, `The ${CSRF_HEADER} header must be the session’s token`)
      contextOf(response).notes.noteUser(operator.username)
      return async () => (await operators?.stillSignedIn(request)) ?? false
    }
    if (!open) throw new HttpFault(401, refusalOf(token !== null, operators))
    refuseForeignNames(request, ownHosts)
    return always
  }
}

/** Neither the token nor an open double changes while the server runs. */
const always: StillAllowed = async () => true

/** Matches the names that always mean the machine itself (RFC 6761, 6.3). */
const LOCALHOST = /^(?:.+\.)?localhost$/

/**
 * Refuses a request under a host name that somebody else may have. They could let that name point to this server; the
 * browser would then treat their page as one of this site (DNS rebinding). A name without a dot is no exception: a
 * network's search list may complete it.
 *
 * @throws HttpFault
 */
function refuseForeignNames(request: Request, ownHosts: ReadonlySet<string>): void {
  const host = hostOf(request)
  if (isIP(host) !== 0 || LOCALHOST.test(host) || ownHosts.has(host)) return
  throw new HttpFault(
    403,
    `To use the control API as ${host}, name it in KEEPSAKE_DOUBLE_HOSTS, or set KEEPSAKE_CONTROL_TOKEN`,
  )
}

/** Returns the host of the request, without its port and without the brackets of an IPv6 address. */
function hostOf(request: Request): string {
  const host = request.get('host') ?? ''
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
}

function refusalOf(hasToken: boolean, operators: Operators | null): string {
  if (operators === null) return 'The Authorization header must be Bearer and the token'
  return hasToken
    ? 'Sign in at /console/, or send the Authorization header: Bearer and the token'
    : 'Sign in at /console/'
}

/** The token that the request names; null if it names none. */
function bearerOf(request: Request): string | null {
  const [, given = null] = /^Bearer +(.+)$/i.exec(request.get('authorization') ?? '') ?? []
  return given
}

/** Matches what a browser says of requests for other pages than those of this server (Fetch Metadata, 2.3). */
const OTHER_SITE = /^(?:cross-site|same-site)$/i

/**
 * Refuses a request that a browser sends for a page of another site. Most name the page’s Origin; a browser that leaves
 * it out still says in Sec-Fetch-Site how the page and this server are related.
 *
 * @throws HttpFault
 */
export function refuseOtherSites(request: Request, response: Response): void {
  const origin = request.get('origin')
  const isOther =
    origin === undefined
      ? OTHER_SITE.test(request.get('sec-fetch-site') ?? '')
      : origin !== new URL(contextOf(response).origin.publicUrl).origin
  if (isOther) throw new HttpFault(403, 'A page of another site may not use the control API')
}
