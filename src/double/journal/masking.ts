import type { Exchange, NotedCall } from '../../contract/exchange'
import { isEmpty, text } from '../../contract/readers'
import type { Observation } from '../../contract/requestNotes'
import { asFloat, fieldsOf, isList, isNumber, type Value } from '../../contract/value'
import { MASK, type MaskedText, type Segment, shortened, shownSession } from './maskedText'
import { formatOf, type Piece, percentDecoded, piecesOf, type TextFormat } from './pieces'
import type { KnownKey, Secrets } from './secrets'

/** A JSON value, as the journal shows values. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const SESSION_ID = /^[0-9a-f]{32}$/

/**
 * Harmless values that clients without a session send as session id. Any other value might be a key in the
 * wrong place.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  '',
  '0',
  '1',
  'null',
  'undefined',
  'false',
  'true',
  'nil',
  'None',
  'Array',
])

/** Operations that require a login. */
const SESSION_BOUND: ReadonlySet<string> = new Set([
  'call',
  'multiCall',
  'endSession',
  'resources',
  'globalFaults',
  'resourceFaults',
])

/** Member names that may occur in a request without a session. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'jsonrpc',
  'method',
  'params',
  'id',
  'username',
  'apiKey',
  'sessionId',
  'resourcePath',
  'args',
  'calls',
  'options',
])

/** The longest text that is shown in full, in characters. Labels and names are shorter. */
const LONGEST_SHOWN = 512

/** Headers that hold no secret; the value of any other is hidden. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'allow',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'if-modified-since',
  'if-none-match',
  'keep-alive',
  'location',
  'origin',
  'pragma',
  'range',
  'soapaction',
  'te',
  'transfer-encoding',
  'upgrade-insecure-requests',
  'user-agent',
  'www-authenticate',
  'x-request-id',
])

/** Parts of an OAuth header that are no secrets and help to find a mistake in a signature. */
const HARMLESS_SIGNATURE = [
  /\boauth_signature_method="?(?:HMAC-SHA1|HMAC-SHA256|RSA-SHA1|PLAINTEXT)\b"?/,
  /\boauth_timestamp="?[0-9]{10}\b"?/,
  /\boauth_version="?[0-9]\.[0-9]\b"?/,
]

/** Decides which parts of one exchange may be shown. */
export class Masking {
  /** The keys that the logins of this exchange gave. */
  readonly #keys: ReadonlyMap<string, KnownKey>
  /** The users that the logins of this exchange named. */
  readonly #usernames: ReadonlySet<string>
  /** Values that were given as session ids but are not; they may be anything. */
  readonly #misplaced: ReadonlySet<string>

  constructor(
    private readonly exchange: Pick<Exchange, 'calls' | 'fault'>,
    private readonly protocol: Observation['protocol'],
    private readonly secrets: Secrets,
  ) {
    const logins = exchange.calls.flatMap(givenCredentials)
    this.#keys = new Map(
      logins
        .filter(({ key }) => !isEmpty(key))
        .map(({ username, key, isRight }) => [key, secrets.key(username, key, isRight)]),
    )
    this.#usernames = new Set(logins.map(({ username }) => username))
    this.#misplaced = new Set(
      exchange.calls.flatMap(({ session = '' }) => (isShowableSession(session) ? [] : [session])),
    )
  }

  /**
   * Returns a body with all secrets replaced. A request outside of a session that made no valid call shows
   * only its form, because a key may stand anywhere in it.
   */
  request(body: string): MaskedText {
    const format = formatOf(body)
    const pieces = piecesOf(body, format)
    const isOpen = this.#isOpen(pieces, format)
    return { format, segments: joined(pieces.flatMap((piece) => this.#segments(piece, isOpen))) }
  }

  answer(body: string): MaskedText {
    const format = formatOf(body)
    return {
      format,
      segments: joined(piecesOf(body, format).flatMap((piece) => this.#segments(piece, true))),
    }
  }

  /** Returns the path and query. The names decide which values are hidden. */
  target(target: string): string {
    const query = target.indexOf('?')
    const path = query < 0 ? target : target.slice(0, query)
    const shownPath = this.secrets.standsIn(percentDecoded(path)) ? MASK : path
    if (query < 0) return shownPath
    const pieces = piecesOf(target.slice(query + 1), 'form')
    const shown = pieces.map((piece) =>
      this.#segments(piece, true)
        .map((part) => (typeof part === 'string' ? part : MASK))
        .join(''),
    )
    return `${shownPath}?${shown.join('')}`
  }

  headers(
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, this.#header(name.toLowerCase(), value.toString())]],
      ),
    )
  }

  /** Masks a text that the server made from values of the client, such as that of a fault. */
  text(given: string): string {
    return this.#hides(given) ? MASK : given
  }

  /** Returns the stand-in for the id of a session. */
  session(id: string): string {
    if (SESSION_ID.test(id)) return shownSession(this.secrets.session(id).number)
    return isShowableSession(id) ? id : MASK
  }

  /** Returns the arguments of a call, by their names. */
  arguments(call: NotedCall): Readonly<Record<string, Json>> {
    const isLogin = call.path === 'login'
    return Object.fromEntries(
      [...call.arguments].map(([name, value]) => {
        const isKey = isLogin && name !== 'username' && !isEmpty(text(value))
        return [name, isKey ? MASK : this.value(value)]
      }),
    )
  }

  value(value: Value): Json {
    if (typeof value === 'string') return this.#valueText(value)
    if (isNumber(value)) return this.#hides(String(asFloat(value))) ? MASK : asFloat(value)
    if (value === null || typeof value === 'boolean') return value
    if (isList(value)) return value.map((item) => this.value(item))
    return Object.fromEntries(
      [...(fieldsOf(value) ?? [])].map(([name, field]) => [this.text(name), this.value(field)]),
    )
  }

  #valueText(value: string): string {
    if (this.#isSession(value)) return this.session(value)
    if (this.#hides(value)) return MASK
    return value.length > LONGEST_SHOWN ? shortened(value) : value
  }

  #header(name: string, value: string): string {
    if (name === 'authorization') return shownAuthorization(value)
    return HARMLESS_HEADERS.has(name) && !this.#hides(value) ? value : MASK
  }

  /**
   * Whether values may be shown: those of REST, whose secrets are in a header, and those of calls within a
   * session.
   */
  #isOpen(pieces: readonly Piece[], format: TextFormat): boolean {
    if (this.protocol === 'rest') return true
    const { calls, fault } = this.exchange
    if (calls.some(({ path }) => path === 'login')) return false
    const sessions = pieces.filter(({ value }) => value !== null && SESSION_ID.test(value.trim())).length
    const called = pieces.filter(({ role }) => role === 'called').map(({ value }) => value ?? '')
    const areBound = called.every((name) => SESSION_BOUND.has(name))
    if (format === 'json') return areBound && sessions >= Math.max(1, called.length)
    const wasCalled =
      calls.length > 0 && (fault === null || calls.some((call) => call.fault?.code === fault.code))
    return areBound && (wasCalled || (sessions > 0 && !pieces.some(namesLogin)))
  }

  #segments(piece: Piece, isOpen: boolean): readonly Segment[] {
    const { raw, value, role } = piece
    if (value === null || raw.trim() === '') return [raw]
    const key = this.#keys.get(value)
    if (key) return around(raw, { kind: 'key', number: key.number })
    const id = value.trim()
    if (this.#isSession(id))
      return around(raw, { kind: 'session', number: this.secrets.session(id).number, id })
    if (this.#hides(value) || this.#hides(raw)) return around(raw, HIDDEN)
    // Comments and document types may contain anything, so a secret too.
    const isStrange = isOpen ? /<!(?:DOCTYPE|ENTITY)/i.test(raw) : /<[!?](?!\[CDATA\[)/.test(raw)
    if (isStrange) return around(raw, HIDDEN)
    if (role === 'secret' && !isEmpty(value)) return around(raw, HIDDEN)
    if (!isOpen && !this.#isSafe(piece)) return around(raw, HIDDEN)
    return value.length > LONGEST_SHOWN ? [{ kind: 'long', text: raw }] : [raw]
  }

  /** Whether a value may be shown in a request of which otherwise only the form is shown. */
  #isSafe({ value, role }: Piece): boolean {
    if (value === null || isEmpty(value)) return true
    if (role === 'called' || role === 'id') return true
    return role === 'name' ? OWN_NAMES.has(value) : this.#usernames.has(value)
  }

  #isSession(value: string): boolean {
    return this.secrets.knownSession(value) !== null || (this.protocol !== 'rest' && SESSION_ID.test(value))
  }

  #hides(value: string): boolean {
    if (this.#misplaced.has(value) || this.#keys.has(value) || this.secrets.standsIn(value)) return true
    return (value.match(/[0-9a-f]{32}/g) ?? []).some((id) => this.secrets.knownSession(id) !== null)
  }
}

const HIDDEN: Segment = { kind: 'hidden' }

interface GivenCredentials {
  readonly username: string
  readonly key: string
  readonly isRight: boolean
}

function givenCredentials({ path, arguments: given, value }: NotedCall): readonly GivenCredentials[] {
  if (path !== 'login') return []
  const [username, key] = [given.get('username'), given.get('apiKey')].map((part) => text(part ?? null) ?? '')
  return [{ username: username ?? '', key: key ?? '', isRight: typeof value === 'string' }]
}

function isShowableSession(session: string): boolean {
  return HARMLESS.has(session) || SESSION_ID.test(session)
}

function namesLogin({ raw, value }: Piece): boolean {
  return value === null && /login|startSession|apiKey/i.test(raw)
}

/** Puts back the quotation marks of a JSON text, and the white space around a word. */
function around(raw: string, segment: Segment): readonly Segment[] {
  if (/^".*"$/s.test(raw)) return ['"', segment, '"']
  const isSession = typeof segment !== 'string' && segment.kind === 'session'
  const [, before = '', after = ''] = (isSession && /^(\s*)[\s\S]*?(\s*)$/.exec(raw)) || []
  return [before, segment, after]
}

function shownAuthorization(value: string): string {
  const [scheme = ''] = value.split(/\s/)
  const known = /^(?:OAuth|Bearer|Basic|Digest)$/i.test(scheme) ? `${scheme} ` : ''
  if (!/^oauth$/i.test(scheme)) return known + MASK
  return [known.trim(), ...HARMLESS_SIGNATURE.flatMap((part) => part.exec(value) ?? []), MASK].join(' ')
}

/** Joins neighbouring texts. */
function joined(segments: readonly Segment[]): readonly Segment[] {
  const all: Segment[] = []
  let run: string[] = []
  const endRun = () => {
    const text = run.join('')
    if (text !== '') all.push(text)
    run = []
  }
  for (const segment of segments) {
    if (typeof segment === 'string') run.push(segment)
    else {
      endRun()
      all.push(segment)
    }
  }
  endRun()
  return all
}
