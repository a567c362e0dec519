import type { Accounts } from '../../api/ports'
import type { RequestContext } from '../../contract/request'
import type { OAuthProblem } from '../../oauth/authentication'
import { isExpired, OUT_OF_BAND } from '../../oauth/flow'
import type { PendingToken, SignIn, SignIns, TokenUser } from '../../oauth/ports'
import { absent, type ProblemName, problem } from '../../oauth/problems'
import { CREDENTIAL_LENGTH, type OAuthOptions } from '../../oauth/verify'
import { confirmPage, type Page, questionPage, refusalPage, rejectedPage, verifierPage } from './page'

/** How long an operator may take to decide after signing in, in seconds. */
export const SIGN_IN_SECONDS = 600

export interface AuthorizeOptions extends OAuthOptions {
  readonly accounts: Accounts
  readonly signIns: SignIns
}

/** A page, or the URL to which the operator is sent: the consumer's, or that of the decision; with a sign-in to be kept. */
export type AuthorizeAnswer = (Page | { readonly location: string }) & { readonly signIn?: string }

/** Whom a token is to stand for, and the path below which its pages are. */
export interface Place {
  readonly user: TokenUser
  /** The URL below which its pages are, whole: scripts open the actions of forms as they stand. */
  readonly address: string
}

/** The fields that the page's form sends. */
export interface Decision {
  readonly token: string | null
  readonly username: string
  readonly apiKey: string
  readonly decision: string | null
}

/**
 * Asks an operator whether the consumer may have a token that stands for `user`: to sign in, or to decide, if he has signed
 * in for this token.
 */
export async function ask(
  token: string | null,
  sealed: string | null,
  place: Place,
  options: AuthorizeOptions,
): Promise<AuthorizeAnswer> {
  return withPending(token, options, async (name, pending) => {
    const callbackUrl = callbackOf(pending)
    const { consumerName } = pending
    return sealed !== null && signedInFor(name, sealed, place, options)
      ? { ...confirmPage({ token: name, ...place, consumerName, callbackUrl }), signIn: sealed }
      : question(200, name, place, pending, { username: '', complaint: null })
  })
}

/** Returns the sign-in for the token; null for one that is over, or that is none for it. */
function signedInFor(
  token: string,
  sealed: string,
  { user }: Place,
  { signIns, now }: AuthorizeOptions,
): SignIn | null {
  const signedIn = signIns.open(sealed, token)
  return signedIn?.user === user && signedIn.ends > now().getTime() ? signedIn : null
}

/**
 * Signs an operator in, and sends him to the page that asks for the decision, as Magento does and as scripts expect it. The
 * sign-in holds for this token alone.
 */
export async function signIn(
  { token, username, apiKey }: Omit<Decision, 'decision'>,
  place: Place,
  options: AuthorizeOptions,
  request: RequestContext,
): Promise<AuthorizeAnswer> {
  return withPending(token, options, async (name, pending) => {
    const operator = await authenticated(username, apiKey, place, options, request)
    if (typeof operator === 'string')
      return question(403, name, place, pending, { username, complaint: operator })
    const ends = options.now().getTime() + SIGN_IN_SECONDS * 1000
    return {
      location: `${place.address}?oauth_token=${name}`,
      signIn: options.signIns.seal({ token: name, user: place.user, operator, username, ends }),
    }
  })
}

/** Carries out the decision of an operator who has signed in before; without a sign-in for the token, asks for one. */
export async function decideSignedIn(
  token: string | null,
  sealed: string | null,
  decision: 'authorize' | 'reject',
  place: Place,
  options: AuthorizeOptions,
  request: RequestContext,
): Promise<AuthorizeAnswer> {
  return withPending(token, options, async (name, pending) => {
    const signedIn = sealed === null ? null : signedInFor(name, sealed, place, options)
    const again = (complaint: string | null) =>
      question(200, name, place, pending, { username: '', complaint })
    if (!signedIn) return again(null)
    if (decision === 'reject') return rejection(name, pending, options)
    request.notes.noteUser(signedIn.username)
    if (place.user === 'admin' && !(await options.store.isAdministrator(signedIn.operator)))
      return again(NO_RIGHTS)
    return authorization(name, signedIn.operator, place.user, pending, options)
  })
}

/**
 * Carries out the operator's decision. Authorizing needs an API user; for a token that stands for an
 * administrator, a user whose role allows everything. Rejecting needs no user: any person who knows the token
 * may reject it.
 */
export async function decide(
  { token, username, apiKey, decision }: Decision,
  place: Place,
  options: AuthorizeOptions,
  request: RequestContext,
): Promise<AuthorizeAnswer> {
  return withPending(token, options, async (name, pending) => {
    const again = (status: number, complaint: string) =>
      question(status, name, place, pending, { username, complaint })
    if (decision === 'reject') return rejection(name, pending, options)
    if (decision !== 'authorize') return again(400, 'Authorize or reject?')
    const operator = await authenticated(username, apiKey, place, options, request)
    if (typeof operator === 'string') return again(403, operator)
    return authorization(name, operator, place.user, pending, options)
  })
}

/** Returns the id of an API user who may authorize a token of this kind, or why there is none. */
async function authenticated(
  username: string,
  apiKey: string,
  { user }: Place,
  { accounts, store }: AuthorizeOptions,
  request: RequestContext,
): Promise<number | string> {
  const operator = await accounts.authenticate(username, apiKey, request)
  if (operator === null) return 'Invalid User Name or Password: the user name or the API key is wrong.'
  request.notes.noteUser(username)
  if (user === 'admin' && !(await store.isAdministrator(operator))) return NO_RIGHTS
  return operator
}

async function authorization(
  token: string,
  operator: number,
  user: TokenUser,
  { callback, consumerName }: PendingToken,
  { store }: AuthorizeOptions,
): Promise<AuthorizeAnswer> {
  const verifier = await store.authorize(token, user, operator)
  if (verifier === null) return refusal(problem('token_used'))
  if (callback === OUT_OF_BAND) return verifierPage(consumerName, verifier)
  return { location: withQuery(callback, `oauth_token=${token}&oauth_verifier=${verifier}`) }
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

const NO_RIGHTS = 'This user’s role does not allow everything (all), as an administrator’s must.'

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
  place: Place,
  pending: PendingToken,
  answered: { readonly username: string; readonly complaint: string | null },
): Page {
  const { consumerName } = pending
  return questionPage(status, {
    token,
    ...place,
    consumerName,
    callbackUrl: callbackOf(pending),
    ...answered,
  })
}

function callbackOf({ callback }: PendingToken): string | null {
  return callback === OUT_OF_BAND ? null : callback
}

/** Returns the URL with more in its query, and otherwise as its consumer wrote it. */
function withQuery(url: string, query: string): string {
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/.exec(url) ?? []
  return `${address}${address.includes('?') ? '&' : '?'}${query}${fragment}`
}
