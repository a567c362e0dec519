import type { Accounts } from '../../api/ports'
import type { RequestContext } from '../../contract/request'
import type { OAuthProblem } from '../../oauth/authentication'
import { isExpired, OUT_OF_BAND } from '../../oauth/flow'
import type { PendingToken, TokenUser } from '../../oauth/ports'
import { absent, type ProblemName, problem } from '../../oauth/problems'
import { CREDENTIAL_LENGTH, type OAuthOptions } from '../../oauth/verify'
import { type Page, questionPage, refusalPage, rejectedPage, verifierPage } from './page'

export interface AuthorizeOptions extends OAuthOptions {
  readonly accounts: Accounts
}

/** A page, or the URL of the consumer to which the operator is sent. */
export type AuthorizeAnswer = Page | { readonly location: string }

/** The fields that the page's form sends. */
export interface Decision {
  readonly token: string | null
  readonly username: string
  readonly apiKey: string
  readonly decision: string | null
}

/** Asks an operator whether the consumer may have a token that stands for `user`. */
export async function ask(
  token: string | null,
  user: TokenUser,
  options: AuthorizeOptions,
): Promise<AuthorizeAnswer> {
  return withPending(token, options, async (name, pending) =>
    question(200, name, user, pending, { username: '', complaint: null }),
  )
}

/**
 * Carries out the operator's decision. Authorizing needs an API user; for a token that stands for an
 * administrator, a user whose role allows everything. Rejecting needs no user: any person who knows the token
 * may reject it.
 */
export async function decide(
  { token, username, apiKey, decision }: Decision,
  user: TokenUser,
  options: AuthorizeOptions,
  request: RequestContext,
): Promise<AuthorizeAnswer> {
  return withPending(token, options, async (name, pending) => {
    const again = (status: number, complaint: string) =>
      question(status, name, user, pending, { username, complaint })
    if (decision === 'reject') return rejection(name, pending, options)
    if (decision !== 'authorize') return again(400, 'Authorize or reject?')
    const operator = await options.accounts.authenticate(username, apiKey, request)
    if (operator === null) return again(403, 'The user name or the API key is wrong.')
    request.notes.noteUser(username)
    if (user === 'admin' && !(await options.store.isAdministrator(operator)))
      return again(403, 'This user’s role does not allow everything (all), as an administrator’s must.')
    const verifier = await options.store.authorize(name, user, operator)
    if (verifier === null) return refusal(problem('token_used'))
    if (pending.callback === OUT_OF_BAND) return verifierPage(pending.consumerName, verifier)
    return { location: withQuery(pending.callback, `oauth_token=${name}&oauth_verifier=${verifier}`) }
  })
}

async function rejection(
  token: string,
  { callback, consumerName }: PendingToken,
  { store }: AuthorizeOptions,
): Promise<AuthorizeAnswer> {
  if (!(await store.reject(token))) return refusal(problem('token_used'))
  if (callback === OUT_OF_BAND) return rejectedPage(consumerName)
  return { location: withQuery(callback, `oauth_token=${token}&rejected=1`) }
}

/** Runs `work` with a request token that waits for a decision, or explains why there is none. */
async function withPending(
  token: string | null,
  { store, now }: AuthorizeOptions,
  work: (token: string, pending: PendingToken) => Promise<AuthorizeAnswer>,
): Promise<AuthorizeAnswer> {
  if (token === null || token === '') return refusal(absent('oauth_token'))
  const pending = token.length === CREDENTIAL_LENGTH ? await store.findPending(token) : null
  if (!pending) return refusal(problem('token_rejected'))
  if (pending.kind !== 'request' || pending.isDecided) return refusal(problem('token_used'))
  if (isExpired(pending, now())) return refusal(problem('token_expired'))
  return work(token, pending)
}

const REASONS: Readonly<Partial<Record<ProblemName, string>>> = {
  parameter_absent: 'The address lacks its oauth_token.',
  token_rejected: 'Nobody has asked for this.',
  token_used: 'This has been decided already.',
  token_expired: 'This was asked too long ago.',
}

/**
 * Makes the page for a refusal. Its status is always 400: a person reads the page, and another status would
 * not help.
 */
function refusal({ problem: name }: OAuthProblem): Page {
  return refusalPage(400, REASONS[name as ProblemName] ?? name)
}

function question(
  status: number,
  token: string,
  user: TokenUser,
  { consumerName, callback }: PendingToken,
  answered: { readonly username: string; readonly complaint: string | null },
): Page {
  const callbackUrl = callback === OUT_OF_BAND ? null : callback
  return questionPage(status, { token, user, consumerName, callbackUrl, ...answered })
}

/** Returns the URL with more in its query, and otherwise as its consumer wrote it. */
function withQuery(url: string, query: string): string {
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/.exec(url) ?? []
  return `${address}${address.includes('?') ? '&' : '?'}${query}${fragment}`
}
