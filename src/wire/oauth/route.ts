import { type ErrorRequestHandler, type Request, type Response, Router } from 'express'
import { Overloaded, RETRY_AFTER_SECONDS } from '../../contract/overloaded'
import { type BodyReader, UnreadableBody } from '../../http/body'
import { contextOf, logOf } from '../../http/observe'
import { OAuthProblem, type SignedRequest } from '../../oauth/authentication'
import { exchange, initiate } from '../../oauth/flow'
import { formParameters } from '../../oauth/parameters'
import type { TokenUser } from '../../oauth/ports'
import { rejected } from '../../oauth/problems'
import { type AuthorizeAnswer, type AuthorizeOptions, ask, decide } from './authorize'
import { headersOf, refusalPage } from './page'
import { signedRequestOf } from './signedRequest'

/** The endpoints for programs, in all forms of Magento's URLs. */
const INITIATE_PATH = /^(?:\/index\.php)?\/oauth\/initiate(?:\/index)?\/?$/
const TOKEN_PATH = /^(?:\/index\.php)?\/oauth\/token(?:\/index)?\/?$/

/** The pages for operators, by the kind of user that the authorized token stands for. */
const PAGE_PATHS: readonly (readonly [user: TokenUser, path: RegExp])[] = [
  ['customer', /^(?:\/index\.php)?\/oauth\/authorize(?:\/index|\/simple)?\/?$/],
  ['admin', /^(?:\/index\.php)?\/admin\/oauth_authorize(?:\/index|\/simple)?\/?$/],
]

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

/** Returns the handler of a page on which an operator decides. */
function page(
  router: Router,
  path: RegExp,
  user: TokenUser,
  readBody: BodyReader,
  options: AuthorizeOptions,
): void {
  router
    .route(path)
    .all(named('oauth.authorize'))
    .get(async (request, response) => {
      const query = fieldsOf(/\?(.*)$/.exec(request.originalUrl)?.[1] ?? '')
      sendPage(response, await ask(query.get('oauth_token') ?? null, user, options))
    })
    .post(async (request, response) => {
      const answer = await readBody(request, response, (body) => {
        const form = fieldsOf(body.toString('latin1'))
        const decision = {
          token: form.get('oauth_token') ?? null,
          username: form.get('username') ?? '',
          apiKey: form.get('apiKey') ?? '',
          decision: form.get('decision') ?? null,
        }
        return decide(decision, user, options, contextOf(response))
      })
      sendPage(response, answer)
    })
    .all(notAllowed)
  const unreadable: ErrorRequestHandler = (error, _request, response, next) => {
    if (error instanceof UnreadableBody) sendPage(response, refusalPage(400, error.message))
    else next(error)
  }
  router.use(path, unreadable)
}

function fieldsOf(form: string): ReadonlyMap<string, string> {
  const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')
  return new Map(formParameters(form).map(([name, value]) => [text(name), text(value)]))
}

function sendPage(response: Response, answer: AuthorizeAnswer): void {
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
