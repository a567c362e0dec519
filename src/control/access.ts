import { isIP } from 'node:net'
import type { Request, Response } from 'express'
import { HttpFault } from '../contract/httpFault'
import { isSameText } from '../contract/sameText'
import { contextOf } from '../http/observe'
import type { Operators } from './operators'

/** Lets a request pass, or refuses it. @throws HttpFault */
export type ControlAccess = (request: Request, response: Response) => Promise<void>

/** Who may use the control API: each way in is enough, and null stands for one that is closed. */
export interface WaysIn {
  /** Whether anybody who reaches the port may. */
  readonly open: boolean
  readonly token: string | null
  readonly operators: Operators | null
  /** The server's URL, if that was said. */
  readonly publicUrl: string | null
}

/** The header in which a page repeats what only it was told: another site's page cannot know it. */
export const CSRF_HEADER = 'x-csrf-token'
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** A page of another site never passes, whoever sits before it: its browser names that site. */
export function controlAccess({ open, token, operators, publicUrl }: WaysIn): ControlAccess {
  return async (request, response) => {
    refuseOtherSites(request, response)
    if (token !== null && isSameText(bearerOf(request), token)) return
    const operator = (await operators?.signedIn(request)) ?? null
    if (operator) {
      if (
        !SAFE_METHODS.has(request.method) &&
        !isSameText(request.get(CSRF_HEADER) ?? '', operator.csrfToken)
      )
        throw new HttpFault(403, `The ${CSRF_HEADER} header must be the session’s token`)
      contextOf(response).notes.noteUser(operator.username)
      return
    }
    if (!open) throw new HttpFault(401, refusalOf(token, operators))
    refusePublicNames(request, publicUrl)
  }
}

/** A name without a dot, or below localhost, is one that no stranger can have point here. */
const NEAR_NAME = /^(?:[^.]+|.+\.localhost)$/i

/**
 * Refuses what is asked under a name that anybody may have in the DNS: a page of that name counts as this site's own.
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

/** Without its port, and an IPv6 address without its brackets. */
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

/** @throws HttpFault for what the browser of another site's page sends */
export function refuseOtherSites(request: Request, response: Response): void {
  const origin = request.get('origin')
  if (origin === undefined) return
  if (origin !== new URL(contextOf(response).origin.publicUrl).origin)
    throw new HttpFault(403, 'A page of another site may not use the control API')
}
