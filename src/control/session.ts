import express, { Router } from 'express'
import { z } from 'zod'
import { HttpFault } from '../contract/httpFault'
import { contextOf } from '../http/observe'
import { type ControlAccess, refuseOtherSites } from './access'
import type { ConsoleSession } from './answers'
import type { Operators } from './operators'

export interface SessionOptions {
  readonly operators: Operators
  readonly access: ControlAccess
  /** Whether the server is a test double, for which the console has more pages. */
  readonly isDouble: boolean
}

const credentials = z.strictObject({ username: z.string(), apiKey: z.string() })
/** The largest body of a sign-in, in bytes: user names and keys are short. */
const LARGEST_BODY = 16 * 1024

const DENIALS = {
  denied: 'The user name or the API key is wrong.',
  'not allowed': 'This user’s role does not allow everything (all), as an operator’s must.',
} as const

/** Serves `/session` below the control API: it says who is signed in, and signs an operator in and out. */
export function sessionRoute({ operators, access, isDouble }: SessionOptions): Router {
  const router = Router({ caseSensitive: true })
  const session = router.route('/session')

  session.get(async (request, response) => {
    contextOf(response).notes.noteOperation('console.session')
    await access(request, response)
    const operator = await operators.signedIn(request)
    const told: ConsoleSession = {
      user: operator?.username ?? null,
      csrfToken: operator?.csrfToken ?? null,
      double: isDouble,
    }
    response.json(told)
  })

  session.post(express.json({ limit: LARGEST_BODY }), async (request, response) => {
    const context = contextOf(response)
    context.notes.noteOperation('console.signIn')
    refuseOtherSites(request, response)
    const given = credentials.safeParse(request.body)
    if (!given.success) throw new HttpFault(400, 'Expected {"username": …, "apiKey": …}')
    const { username, apiKey } = given.data
    const signedIn = await operators.signIn(username, apiKey, context)
    if (typeof signedIn === 'string') throw new HttpFault(403, DENIALS[signedIn])
    context.notes.noteUser(username)
    response.set('set-cookie', signedIn.cookie).status(204).end()
  })

  session.delete(async (request, response) => {
    const context = contextOf(response)
    context.notes.noteOperation('console.signOut')
    await access(request, response)
    response
      .set('set-cookie', await operators.signOut(request, context))
      .status(204)
      .end()
  })
  return router
}
