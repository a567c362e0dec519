import { randomBytes } from 'node:crypto'
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express'
import { Overloaded, RETRY_AFTER_SECONDS } from '../../contract/overloaded'
import { type BodyReader, UnreadableBody } from '../../http/body'
import { askedUrlOf, contextOf, logOf } from '../../http/observe'
import { OAuthProblem, type SignedRequest } from '../../oauth/authentication'
import { exchange, initiate } from '../../oauth/flow'
import { formParameters } from '../../oauth/parameters'
import type { TokenUser } from '../../oauth/ports'
import { rejected } from '../../oauth/problems'
import {
  type AuthorizeAnswer,
  type AuthorizeOptions,
  ask,
  decide,
  decideSignedIn,
  SIGN_IN_SECONDS,
  signIn,
} from './authorize'
import { headersOf, refusalPage } from './page'
import { signedRequestOf } from './signedRequest'

/** The endpoints for programs. */
const INITIATE_PATH = /^\/oauth\/initiate(?:\/index)?\/?$/
const TOKEN_PATH = /^\/oauth\/token(?:\/index)?\/?$/

/** The pages for operators, by the kind of user that the authorized token stands for, with the actions of Magento's. */
const PAGE_PATHS: readonly (readonly [user: TokenUser, path: RegExp])[] = [
  ['customer', /^\/oauth\/authorize(?:\/(index|simple|confirm|confirmSimple|reject|rejectSimple))?\/?$/],
  ['admin', /^\/admin\/oauth_authorize(?:\/(index|simple|confirm|confirmSimple|reject|rejectSimple))?\/?$/],
]

/** The cookie of a sign-in, under the names of Magento's own. */
const COOKIES: Readonly<Record<TokenUser, string>> = { admin: 'adminhtml', customer: 'frontend' }

/** The largest body, in bytes. Requests here have only a few parameters. */
export const LARGEST_OAUTH_BODY = 64 * 1024

/** Serves the three-legged flow of OAuth 1.0a (RFC 5849, section 2). */
export function oauthRoute(options: AuthorizeOptions, readBody: BodyReader): Router {
  const router = Router({ caseSensitive: true })
  endpoint(router, INITIATE_PATH, 'oauth.initiate', readBody, (request) => initiate(request, options))
  endpoint(router, TOKEN_PATH, 'oauth.token', readBody, (request) => exchange(request, options))
  for (const [user, path] of PAGE_PATHS) page(router, path, user, readBody, options)
  return router
}

/** Returns an endpoint that answers programs in the encoding of a form, failures too. */
function endpoint(
  router: Router,
  path: RegExp,
  operation: string,
  readBody: BodyReader,
  handle: (request: SignedRequest) => Promise<string>,
): void {
  router.route(path).all(named(operation)).get(answered).post(answered).all(notAllowed)

  async function answered(request: Request, response: Response): Promise<void> {
    try {
      const answer = await readBody(request, response, (body) =>
        handle(signedRequestOf(request, response, body)),
      )
      sendForm(response, 200, answer)
    } catch (thrown) {
      failed(response, thrown)
    }
  }
}

function failed(response: Response, thrown: unknown): void {
  const problem = thrown instanceof UnreadableBody ? rejected('body') : thrown
  if (problem instanceof OAuthProblem) {
    problemAnswer(response, problem)
    return
  }
  if (thrown instanceof Overloaded) {
    overloadedAnswer(response, thrown)
    return
  }
  logOf(response).error({ err: thrown }, 'an OAuth request failed')
  contextOf(response).notes.noteFaultCode('internal_error')
  sendForm(response, 500, 'oauth_problem=internal_error')
}

function overloadedAnswer(response: Response, { shortage }: Overloaded): void {
  const { notes } = contextOf(response)
  notes.noteShortage(shortage)
  notes.noteFaultCode('internal_error')
  response.setHeader('retry-after', RETRY_AFTER_SECONDS)
  sendForm(response, 503, 'oauth_problem=internal_error')
}

function problemAnswer(response: Response, { status, problem, message }: OAuthProblem): void {
  contextOf(response).notes.noteFaultCode(problem)
  // RFC 9110, 11.6.1: a 401 must name its scheme.
  if (status === 401) response.setHeader('www-authenticate', 'OAuth')
  sendForm(response, status, message)
}

function sendForm(response: Response, status: number, body: string): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/x-www-form-urlencoded')
  response.setHeader('cache-control', 'no-store')
  response.end(body)
}

/** Returns the handler of the pages on which an operator signs in and decides. */
function page(
  router: Router,
  path: RegExp,
  user: TokenUser,
  readBody: BodyReader,
  options: AuthorizeOptions,
): void {
  const decisionOf = (request: Request) => DECISIONS.get(path.exec(request.path)?.[1] ?? '') ?? null
  router
    .route(path)
    .all(named('oauth.authorize'))
    .get(async (request, response) => {
      const token = tokenInQuery(request)
      const place = { user, address: addressOf(response) }
      const sealed = cookieOf(request, COOKIES[user])
      const decision = request.method === 'HEAD' ? null : decisionOf(request)
      const answer =
        decision === null
          ? await ask(token, sealed, place, options)
          : await decideSignedIn(token, sealed, decision, place, options, contextOf(response))
      sendPage(request, response, answer, user)
    })
    .post(async (request, response) => {
      const answer = await readBody(request, response, (body) => {
        const form = fieldsOf(body.toString('latin1'))
        const token = form.get('oauth_token') ?? tokenInQuery(request)
        const place = { user, address: addressOf(response) }
        const [username, apiKey] = [form.get('login[username]'), form.get('login[password]')]
        const decision = form.get('decision') ?? decisionOf(request)
        // A script may post nothing to get the form.
        if (username === undefined && decision === null)
          return ask(token, cookieOf(request, COOKIES[user]), place, options)
        const filled = { token, username: username ?? '', apiKey: apiKey ?? '' }
        return decision === null
          ? signIn(filled, place, options, contextOf(response))
          : decide({ ...filled, decision }, place, options, contextOf(response))
      })
      sendPage(request, response, answer, user)
    })
    .all(notAllowed)
  const unreadable: ErrorRequestHandler = (error, request, response, next) => {
    if (error instanceof UnreadableBody) sendPage(request, response, refusalPage(400, error.message), user)
    else next(error)
  }
  router.use(path, unreadable)
}

function tokenInQuery(request: Request): string | null {
  return fieldsOf(/\?(.*)$/.exec(request.originalUrl)?.[1] ?? '').get('oauth_token') ?? null
}

/** What the last part of a page's path decides. */
const DECISIONS: ReadonlyMap<string, 'authorize' | 'reject'> = new Map([
  ['confirm', 'authorize'],
  ['confirmSimple', 'authorize'],
  ['reject', 'reject'],
  ['rejectSimple', 'reject'],
])

/** Returns the URL of the pages as the client reaches them. */
function addressOf(response: Response): string {
  const { origin, pathname } = new URL(askedUrlOf(response))
  const named = /^.*\/oauth[_/]authorize/i.exec(pathname)?.[0]
  return origin + (named ?? `${pathname.replace(/(?:\/index)*\/*$/, '')}/oauth_authorize`)
}

/** What a cookie of this server may be: it is sent back in a header. */
const COOKIE_VALUE = /^[\w-]{1,1024}$/

function cookieOf(request: Request, name: string): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  return COOKIE_VALUE.test(value) ? value : null
}

function fieldsOf(form: string): ReadonlyMap<string, string> {
  const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')
  return new Map(formParameters(form).map(([name, value]) => [text(name), text(value)]))
}

function sendPage(request: Request, response: Response, answer: AuthorizeAnswer, user: TokenUser): void {
  // Scripts read a cookie of each page, as each of Magento's had one. One without a sign-in means nothing.
  const kept = answer.signIn ?? cookieOf(request, COOKIES[user]) ?? randomBytes(16).toString('hex')
  if (answer.signIn !== undefined || !('location' in answer))
    response.setHeader('set-cookie', cookie(COOKIES[user], kept, response))
  if ('location' in answer) {
    response.statusCode = 302
    response.setHeader('location', answer.location)
    response.setHeader('cache-control', 'no-store')
    response.setHeader('referrer-policy', 'no-referrer')
    response.end()
    return
  }
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(headersOf(answer))) response.setHeader(name, value)
  response.end(answer.html)
}

/** A script sends the cookie back by itself; a browser sends it from this site's own pages alone. */
function cookie(name: string, value: string, response: Response): string {
  const isSecure = contextOf(response).origin.publicUrl.startsWith('https:')
  return `${name}=${value}; Max-Age=${SIGN_IN_SECONDS}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
}

function named(operation: string) {
  return (_request: Request, response: Response, next: () => void) => {
    const { notes } = contextOf(response)
    notes.noteProtocol('oauth')
    notes.noteOperation(operation)
    next()
  }
}

function notAllowed(_request: Request, response: Response): void {
  response.setHeader('allow', 'GET, HEAD, POST')
  response.status(405).end()
}
