import type { Exchange, NotedCall, NotedFault } from '../../contract/exchange'
import type { RequestContext } from '../../contract/request'
import type { Observation } from '../../contract/requestNotes'
import { type MaskedText, shownText, sizeOf } from './maskedText'
import { type Json, Masking } from './masking'
import type { Secrets } from './secrets'

export interface EntryFault {
  readonly code: number | string
  readonly message: string
}

/** One call of a request, as the journal tells it. */
export interface EntryCall {
  /** `list`, of `product_media.list`. */
  readonly method: string
  /** With the resource's own name, whatever alias was called. */
  readonly path: string
  readonly user: string | null
  /** Calls with one number are of one session. */
  readonly session: string | null
  readonly arguments: Readonly<Record<string, Json>>
  /** What it answered; null for a fault. */
  readonly value: Json
  readonly fault: EntryFault | null
  /** Why it failed, in plain words. */
  reason: string | null
  /** What was probably not meant so, though it did not fail. */
  hints: readonly string[]
  /** The id of the rule that answered it. */
  readonly rule: string | null
}

/** One request and its answer. What is said of a call is said of the one that it carried, or of the first that failed. */
export interface Entry {
  readonly id: number
  readonly at: string
  readonly protocol: NonNullable<Observation['protocol']>
  readonly method: string
  readonly path: string | null
  readonly url: string
  readonly user: string | null
  readonly session: string | null
  readonly arguments: Readonly<Record<string, Json>>
  readonly calls: readonly EntryCall[]
  readonly fault: EntryFault | null
  reason: string | null
  hints: readonly string[]
  readonly rule: string | null
  readonly status: number
  readonly seconds: number
  readonly spoilt: string | null
  readonly request: EntryMessage & { readonly method: string; readonly target: string }
  readonly answer: EntryMessage & { readonly status: number }
}

export interface EntryMessage {
  readonly headers: Readonly<Record<string, string>>
  /** Null for one that was not kept: of WSDLs, images and pages, and of what was no text. */
  readonly body: string | null
}

/** What an export needs beside what is shown: the texts in full, secrets apart. */
export interface WholeTexts {
  readonly publicUrl: string
  readonly request: MaskedText | null
  readonly answer: MaskedText | null
}

export interface Noted {
  readonly entry: Entry
  readonly whole: WholeTexts
  /** In bytes, about. */
  readonly size: number
}

export interface EndedExchange {
  readonly exchange: Exchange
  readonly context: RequestContext
  readonly status: number
  readonly seconds: number
}

/** The entry of an exchange, with nothing secret in it. @param readText what a body says; null for what is no text */
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

/** What was called, or for a request that called nothing, HTTP's own method. */
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
