import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { contextOf } from '../http/observe'
import { ControlError } from './operation'

/** Lets a request pass, or refuses it. @throws ControlError */
export type ControlAccess = (request: Request, response: Response) => Promise<void>

/**
 * Whoever knows the token, and without one anybody who reaches the port: a page of another site never does, for its
 * browser names that site.
 */
export function tokenAccess(token: string | null): ControlAccess {
  return async (request, response) => {
    refuseOtherSites(request, response)
    if (token === null) return
    const [, given = ''] = /^Bearer +(.+)$/i.exec(request.get('authorization') ?? '') ?? []
    if (!isEqual(given, token))
      throw new ControlError(401, 'The Authorization header must be Bearer and the token')
  }
}

/** @throws ControlError for what the browser of another site's page sends */
export function refuseOtherSites(request: Request, response: Response): void {
  const origin = request.get('origin')
  if (origin === undefined) return
  if (origin !== new URL(contextOf(response).publicUrl).origin)
    throw new ControlError(403, 'A page of another site may not use the control API')
}

function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
