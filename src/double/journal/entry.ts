import type { Exchange, NotedCall, NotedFault } from '../../contract/exchange'
import type { RequestContext } from '../../contract/request'
import type { Observation } from '../../contract/requestNotes'
import { type MaskedText, shownText, sizeOf } from './maskedText'
import { type Json, Masking } from './masking'
import type { Secrets } from './secrets'

/** A fault, as it was answered. */
export interface EntryFault {
  /** Magento's code for a call, such as 104; over REST the HTTP status; else the protocol's own code. */
  readonly code: number | string
  /** The fault's text. */
  readonly message: string
}

/** One call of a request. A `multiCall` or a batch carries several. */
export interface EntryCall {
  /** The method without its resource: `list` for `product_media.list`. */
  readonly method: string
  /** The resource and the method, such as `product_media.list`. An alias is replaced by the resource's own name. */
  readonly path: string
  /** The name of the user who called; null if it is not known. */
  readonly user: string | null
  /** A stand-in for the session id, such as `session-1`. Calls with the same stand-in belong to the same session. */
  readonly session: string | null
  /** The arguments by the names of the parameters; null for one that the client did not send. */
  readonly arguments: Readonly<Record<string, Json>>
  /** The value that was answered; null for a fault. */
  readonly value: Json
  /** The fault that was answered; null if the call did not fail. */
  readonly fault: EntryFault | null
  /** A sentence that says why the call failed; null if it did not fail, or the reason is not known. */
  reason: string | null
  /** Sentences about what the client probably did not intend, although the call did not fail. */
  hints: readonly string[]
  /** The id of the rule that answered the call; null if none did. */
  readonly rule: string | null
}

/**
 * One HTTP request and its answer. API keys are shown as `***`, and texts of more than 512 characters are cut.
 *
 * @example
 * {
 *   id: 7,
 *   at: '2026-01-31T12:00:00.000Z',
 *   protocol: 'soap_v1',
 *   method: 'list',
 *   path: 'product_media.list',
 *   arguments: { product: '12345', store: null, identifierType: null },
 *   fault: { code: 101, message: 'Product not exists.' },
 *   reason: 'SKU 12345 was read as an id, because it is numeric: pass identifierType sku.',
 *   status: 200,
 *   seconds: 0.004,
 *   …
 * }
 */
export interface Entry {
  /** The number of the entry. Entries are numbered from 1, in the order in which their requests ended. */
  readonly id: number
  /** The time at which the request arrived, in ISO 8601 and UTC. */
  readonly at: string
  /** The protocol; `other` for a request that no protocol has taken. */
  readonly protocol: NonNullable<Observation['protocol']>
  /** The method that was called, such as `list`; `multiCall` for several calls; HTTP's method if nothing was called. */
  readonly method: string
  /** The resource and the method, such as `product_media.list`; null unless the request carried exactly one call. */
  readonly path: string | null
  /** The full URL of the request. */
  readonly url: string
  /** The name of the user of the first call that has one; null if it is not known. */
  readonly user: string | null
  /** The session of the first call that has one, such as `session-1`; null for none. */
  readonly session: string | null
  /** The arguments of the call, by the names of the parameters; empty unless the request carried exactly one call. */
  readonly arguments: Readonly<Record<string, Json>>
  /** All calls that the request carried, in the order in which they ran. */
  readonly calls: readonly EntryCall[]
  /** The fault of the request, or of the first call that failed; null if nothing failed. */
  readonly fault: EntryFault | null
  /** A sentence that says why the first failure happened; null if nothing failed, or the reason is not known. */
  reason: string | null
  /** The hints of all calls: what the client probably did not intend, although nothing failed. */
  hints: readonly string[]
  /** The id of the rule that answered the first call that a rule answered; null if none did. */
  readonly rule: string | null
  /** The HTTP status of the answer. */
  readonly status: number
  /** The time from the request's arrival to the end of its answer, in seconds. */
  readonly seconds: number
  /** How a rule damaged the answer: `cut`, `truncated`, `malformed` or `replaced`; null for an undamaged answer. */
  readonly spoilt: string | null
  /** The request as HTTP carried it, with secrets hidden. */
  readonly request: EntryMessage & { readonly method: string; readonly target: string }
  /** The answer as the protocol gave it, before a rule damaged it, with secrets hidden. */
  readonly answer: EntryMessage & { readonly status: number }
}

/** The headers and the body of a request or of an answer. */
export interface EntryMessage {
  /** The headers by their names. Values that may be secret are hidden. */
  readonly headers: Readonly<Record<string, string>>
  /** The body; null for one that was not kept: WSDLs, images, pages, and anything that is not text. */
  readonly body: string | null
}

/**
 * The full texts of an exchange, without secrets: an export needs them, and an entry only shows their
 * beginnings.
 */
export interface WholeTexts {
  readonly publicUrl: string
  readonly request: MaskedText | null
  readonly answer: MaskedText | null
}

export interface Noted {
  readonly entry: Entry
  readonly whole: WholeTexts
  /** The size in memory, in bytes, approximately. */
  readonly size: number
}

export interface EndedExchange {
  readonly exchange: Exchange
  readonly context: RequestContext
  readonly status: number
  readonly seconds: number
}

/**
 * Makes the entry of an exchange, with nothing secret in it.
 *
 * @param readText returns the text of a body; null for a body that is not text
 */
export function noted(
  id: number,
  { exchange, context, status, seconds }: EndedExchange,
  secrets: Secrets,
  readText: (body: Buffer) => string | null,
): Noted {
  const { protocol = 'other' } = context.notes.observed
  rememberSessions(exchange.calls, id, secrets)
  const masking = new Masking(exchange, protocol, secrets)
  const given = exchange.body && exchange.body.length > 0 ? readText(exchange.body) : null
  const request = given === null ? null : masking.request(given)
  const sent = exchange.answer
  const answered =
    sent && (sent.encoding === 'latin1' ? Buffer.from(sent.body, 'latin1').toString() : sent.body)
  const answer = answered === null ? null : masking.answer(answered)
  const calls = exchange.calls.map((call) => entryCall(call, masking))
  const only = calls.length === 1 ? calls[0] : undefined
  const failed = calls.find((call) => call.fault !== null) ?? only
  const fault = faultOf(exchange.fault, masking) ?? failed?.fault ?? null
  const method = methodOf(calls, context, exchange)
  const entry: Entry = {
    id,
    at: exchange.started.toISOString(),
    protocol,
    method,
    path: only?.path ?? null,
    url: context.origin.publicUrl + masking.target(exchange.target),
    user: calls.find(({ user }) => user !== null)?.user ?? userOf(context, masking),
    session: calls.find(({ session }) => session !== null)?.session ?? null,
    arguments: only?.arguments ?? {},
    calls,
    fault,
    reason: null,
    hints: [],
    rule: calls.find(({ rule }) => rule !== null)?.rule ?? null,
    status,
    seconds,
    spoilt: exchange.spoiling?.kind ?? null,
    request: {
      method: exchange.method,
      target: masking.target(exchange.target),
      headers: masking.headers(exchange.headers),
      body: request ? shownText(request) : unreadable(exchange.body),
    },
    answer: {
      status: sent?.status ?? status,
      headers: masking.headers(sent?.headers ?? {}),
      body: answer && shownText(answer),
    },
  }
  const whole = { publicUrl: context.origin.publicUrl, request, answer }
  return { entry, whole, size: sizeOfEntry(entry) + sizeOfTexts(whole) }
}

function entryCall(call: NotedCall, masking: Masking): EntryCall {
  const { path, user, session, value, fault, rule } = call
  const name = path === 'login' ? call.arguments.get('username') : user
  return {
    method: path.slice(path.indexOf('.') + 1),
    path: masking.text(path),
    user: typeof name === 'string' ? masking.text(name) : null,
    session: sessionOf(call, session, masking),
    arguments: masking.arguments(call),
    value: fault || value === undefined ? null : masking.value(value),
    fault: faultOf(fault ?? null, masking),
    reason: null,
    hints: [],
    rule: rule ?? null,
  }
}

function sessionOf({ path, value }: NotedCall, given: string | undefined, masking: Masking): string | null {
  const opened = OPENS.has(path) && typeof value === 'string' ? value : undefined
  const session = opened ?? given
  return session === undefined ? null : masking.session(session)
}

const OPENS: ReadonlySet<string> = new Set(['login', 'startSession'])

function rememberSessions(calls: readonly NotedCall[], entry: number, secrets: Secrets): void {
  for (const { path, value, session, arguments: given, fault } of calls) {
    if (OPENS.has(path) && typeof value === 'string') {
      const username = given.get('username')
      secrets.session(value).opened = { user: typeof username === 'string' ? username : null, entry }
    }
    if (path === 'endSession' && session !== undefined && !fault) {
      const known = secrets.knownSession(session)
      if (known) known.ended ??= entry
    }
  }
}

function faultOf(fault: Pick<NotedFault, 'code' | 'message'> | null, masking: Masking): EntryFault | null {
  return fault && { code: fault.code, message: masking.text(fault.message) }
}

/** Returns the method that was called, or HTTP's method for a request that called nothing. */
function methodOf(calls: readonly EntryCall[], { notes }: RequestContext, { method }: Exchange): string {
  const [first, ...others] = calls
  if (first && others.length === 0) return first.method
  if (first) return notes.observed.operation ?? 'multiCall'
  return method
}

function userOf({ notes }: RequestContext, masking: Masking): string | null {
  const { user } = notes.observed
  return user === undefined ? null : masking.text(user)
}

function unreadable(body: Buffer | null): string | null {
  return body && body.length > 0 ? `(${body.length} bytes that are no text)` : null
}

function sizeOfEntry(entry: Entry): number {
  return JSON.stringify(entry).length * 2
}

function sizeOfTexts({ request, answer }: WholeTexts): number {
  return [request, answer].reduce((sum, text) => sum + (text ? sizeOf(text) : 0), 0)
}
