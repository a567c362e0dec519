import { isIP } from 'node:net'
import type { Request, Response } from 'express'
import { HttpFault } from '../contract/httpFault'
import { isSameText } from '../contract/sameText'
import { contextOf } from '../http/observe'
import type { Operators } from './operators'

/**
 * Says whether a request that was let in still would be, for an answer that takes its time. To ask is no use of an
 * operator's session, which expires all the same.
 */
export type StillAllowed = () => Promise<boolean>

/** Lets a request pass, or refuses it. @throws HttpFault */
export type ControlAccess = (request: Request, response: Response) => Promise<StillAllowed>

/** Says who may use the control API. Each of the ways is enough; null stands for one that does not exist. */
export interface WaysIn {
  /** Whether everybody who can reach the port may use it. */
  readonly open: boolean
  readonly token: string | null
  readonly operators: Operators | null
  /** The configured URL of the server; null if none is configured. */
  readonly publicUrl: string | null
}

/** The header in which the console sends its CSRF token. A page of another site cannot know the token. */
export const CSRF_HEADER = 'x-csrf-token'
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/**
 * Returns the check for these ways. It always refuses pages of other sites, which the browser names in each request.
 */
export function controlAccess({ open, token, operators, publicUrl }: WaysIn): ControlAccess {
  return async (request, response) => {
    refuseOtherSites(request, response)
    if (token !== null && isSameText(bearerOf(request), token)) return always
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
    if (!open) throw new HttpFault(401, refusalOf(token, operators))
    refusePublicNames(request, publicUrl)
    return always
  }
}

/** Neither the token nor an open double changes while the server runs. */
const always: StillAllowed = async () => true

/** Matches host names without a dot, or below localhost. Nobody else can register such a name in the DNS. */
const NEAR_NAME = /^(?:[^.]+|.+\.localhost)$/i

/**
 * Refuses a request under a public host name. Somebody could let that name point to this server; the browser would then
 * treat their page as one of this site (DNS rebinding).
 *
 * @throws HttpFault
 */
function refusePublicNames(request: Request, publicUrl: string | null): void {
  const host = hostOf(request)
  if (isIP(host) !== 0 || NEAR_NAME.test(host)) return
  if (publicUrl !== null && host === new URL(publicUrl).hostname) return
  throw new HttpFault(
    403,
    `To use the control API as ${host}, set KEEPSAKE_BASE_URL to that, or KEEPSAKE_CONTROL_TOKEN`,
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

function refusalOf(token: string | null, operators: Operators | null): string {
  if (operators === null) return 'The Authorization header must be Bearer and the token'
  return token === null
    ? 'Sign in at /console/'
    : 'Sign in at /console/, or send the Authorization header: Bearer and the token'
}

function bearerOf(request: Request): string {
  const [, given = ''] = /^Bearer +(.+)$/i.exec(request.get('authorization') ?? '') ?? []
  return given
}

/** Refuses a request that a browser sends for a page of another site. @throws HttpFault */
export function refuseOtherSites(request: Request, response: Response): void {
  const origin = request.get('origin')
  if (origin === undefined) return
  if (origin !== new URL(contextOf(response).origin.publicUrl).origin)
    throw new HttpFault(403, 'A page of another site may not use the control API')
}
