import type { Entry, EntryCall, Noted } from './entry'
import type { MaskedText, Segment } from './maskedText'
import type { TextFormat } from './pieces'
import type { Secrets } from './secrets'

/** Requests and their expected answers, in the form that `test/golden/player.ts` plays. */
export interface Recording {
  readonly scenario: string
  readonly steps: readonly RecordedStep[]
  /** The names of users by the placeholders of their keys. The player of the recording puts the keys in. */
  readonly keys: Readonly<Record<string, string>>
  /** The ids of entries that a recording cannot hold, each with the reason. */
  readonly omitted: readonly { readonly id: number; readonly why: string }[]
}

export interface RecordedStep {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    readonly oauth?: { readonly who: string; readonly bad: string | null }
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

export interface RecordingOptions {
  readonly scenario: string
  /** Keys by user names in lower case. They are written instead of placeholders. */
  readonly keys: ReadonlyMap<string, string>
}

/** The request headers that recordings keep. */
const REQUEST_HEADERS = ['content-type', 'soapaction', 'accept'] as const
const ANSWER_HEADERS = ['content-type', 'location'] as const

/** How a player signs requests that were refused, by the problem (`test/golden/player.ts`, `Signer`). */
const SIGNERS: ReadonlyMap<string, { readonly who: string; readonly bad: string | null }> = new Map([
  ['signature_invalid', { who: 'admin', bad: 'signature' }],
  ['signature_method_rejected', { who: 'admin', bad: 'method' }],
  ['version_rejected', { who: 'admin', bad: 'version' }],
  ['parameter_absent&oauth_parameters_absent=oauth_nonce', { who: 'admin', bad: 'nonce' }],
  ['token_revoked', { who: 'revoked', bad: null }],
  ['token_rejected', { who: 'nobody', bad: null }],
])

/**
 * Makes a recording of entries. Values that differ from server to server become placeholders, as in the
 * golden recordings.
 */
export function recordingOf(
  notes: readonly Noted[],
  secrets: Secrets,
  { scenario, keys: given }: RecordingOptions,
): Recording {
  const writer = new Writer(secrets, given)
  const steps: RecordedStep[] = []
  const omitted: { id: number; why: string }[] = []
  for (const note of notes) {
    const why = reasonToOmit(note)
    if (why === null) steps.push(...writer.loginsBefore(note), writer.step(note))
    else omitted.push({ id: note.entry.id, why })
  }
  return { scenario, steps, keys: writer.keys, omitted }
}

function reasonToOmit({ entry, whole }: Noted): string | null {
  if (entry.spoilt !== null) return `its answer was spoilt: ${entry.spoilt}`
  if (entry.rule !== null) return `a rule answered it: ${entry.rule}`
  if (whole.answer === null) return 'its answer was not kept'
  if (entry.request.body !== null && whole.request === null) return 'its body is no text'
  if (entry.protocol === 'rest' && signerOf(entry) === undefined)
    return `no player signs so: ${entry.fault?.message}`
  return null
}

/**
 * Returns the signer of a step; null for a request without a signature, undefined for a signature that no
 * player can make.
 */
function signerOf({ user, fault, request }: Entry): RecordedStep['request']['oauth'] | null | undefined {
  if (request.headers.authorization === undefined) return null
  if (fault?.code === 401) return SIGNERS.get(String(fault.message).replace('oauth_problem=', ''))
  return { who: user ?? 'admin', bad: null }
}

/** Writes steps, and remembers the meaning of their placeholders. */
class Writer {
  /** Numbers of sessions in this recording, in the order in which it names them. */
  readonly #sessions = new Map<string, number>()
  /** Texts that become placeholders, by kind. */
  readonly #files = new Map<string, string>()
  readonly #images = new Map<string, string>()
  readonly #keys = new Map<number, string>()

  constructor(
    private readonly secrets: Secrets,
    private readonly given: ReadonlyMap<string, string>,
  ) {}

  get keys(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#keys].map(([number, username]) => [`key${number}`, username]))
  }

  step({ entry, whole }: Noted): RecordedStep {
    const { request } = entry
    // The request is written before `#learn`: what this answer gives first is a placeholder only in the
    // answer and later.
    const path = this.#varied(request.target, 'form', whole.publicUrl)
    const body = whole.request && this.#text(withUtf8Declared(whole.request), whole.publicUrl)
    this.#learn(entry)
    const oauth = entry.protocol === 'rest' ? signerOf(entry) : null
    const location = entry.answer.headers.location
    return {
      request: {
        method: request.method,
        path,
        headers: picked(request.headers, REQUEST_HEADERS),
        ...(body !== null && { body }),
        ...(oauth && { oauth }),
      },
      response: {
        status: entry.answer.status,
        headers: {
          ...picked(entry.answer.headers, ANSWER_HEADERS),
          ...(location !== undefined && { location: this.#varied(location, 'form', whole.publicUrl) }),
        },
        body: whole.answer ? this.#text(whole.answer, whole.publicUrl) : '',
      },
    }
  }

  /** Returns the steps that open sessions from before the recording's beginning. */
  loginsBefore({ entry: { calls }, whole }: Noted): readonly RecordedStep[] {
    const opened = new Set(calls.filter(opensSession).map(({ session }) => session))
    const named = (whole.request?.segments ?? []).flatMap((segment) =>
      typeof segment !== 'string' && segment.kind === 'session' ? [segment.id] : [],
    )
    return [...new Set(named)].flatMap((id) => {
      const known = this.secrets.knownSession(id)
      if (!known?.opened || this.#sessions.has(id) || opened.has(`session-${known.number}`)) return []
      const key = this.secrets.rightKeyOf(known.opened.user ?? '')
      return key ? [this.#login(key.username, key.number, id)] : []
    })
  }

  #login(username: string, key: number, id: string): RecordedStep {
    const name = `<username>${escapedXml(username)}</username>`
    return {
      request: {
        method: 'POST',
        path: '/api/soap/',
        headers: { 'content-type': 'text/xml; charset=utf-8' },
        body: `${ENVELOPE}<m:login>${name}<apiKey>${this.#key(key, 'xml')}</apiKey></m:login>${ENVELOPE_END}`,
      },
      response: {
        status: 200,
        headers: { 'content-type': 'text/xml; charset=UTF-8' },
        body: loginAnswer(this.#session(id)),
      },
    }
  }

  #text({ format, segments }: MaskedText, publicUrl: string): string {
    return segments.map((segment) => this.#segment(segment, format, publicUrl)).join('')
  }

  #segment(segment: Segment, format: TextFormat, publicUrl: string): string {
    if (typeof segment === 'string') return this.#varied(segment, format, publicUrl)
    switch (segment.kind) {
      case 'session':
        return this.#session(segment.id)
      case 'key':
        return this.#key(segment.number, format)
      case 'long':
        return segment.text
      case 'hidden':
        return '***'
    }
  }

  /**
   * Returns the placeholder of a session. An id that no login gave stays as it is, since no answer gives a
   * player another one.
   */
  #session(id: string): string {
    if (!this.secrets.knownSession(id)?.opened) return id
    const number = this.#sessions.get(id) ?? this.#sessions.size + 1
    this.#sessions.set(id, number)
    return `{{session${number}}}`
  }

  /** Returns the placeholder of a key. A wrong key is replaced by another wrong one. */
  #key(number: number, format: TextFormat): string {
    const key = this.secrets.keyNumbered(number)
    if (!key?.isRight) return `wrong-key-${number}`
    const given = this.given.get(key.username.toLowerCase())
    if (given !== undefined) return format === 'json' ? JSON.stringify(given).slice(1, -1) : escapedXml(given)
    this.#keys.set(number, key.username)
    return `{{key${number}}}`
  }

  /** Returns the text with placeholders for the public URL, files and images. */
  #varied(text: string, format: TextFormat, publicUrl: string): string {
    let varied = text.replaceAll(publicUrl, '{{base}}')
    if (format === 'json') varied = varied.replaceAll(publicUrl.replaceAll('/', '\\/'), '{{base}}')
    for (const [file, name] of this.#files) {
      varied = varied.replaceAll(file, name).replaceAll(file.replaceAll('/', '\\/'), name)
    }
    for (const [id, name] of this.#images) {
      varied = varied
        .replace(new RegExp(`(/images/)${id}(?=/|$)`, 'g'), `$1${name}`)
        .replace(new RegExp(`("id":")${id}(?=")`, 'g'), `$1${name}`)
        .replace(new RegExp(`(<id>)${id}(?=</id>)`, 'g'), `$1${name}`)
    }
    return varied
  }

  /** Remembers the files and images that the calls have created. */
  #learn({ calls, answer }: Entry): void {
    for (const { method, value, path } of calls) {
      if (method !== 'create' || path.startsWith('product_images.') || typeof value !== 'string') continue
      if (!this.#files.has(value)) this.#files.set(value, `{{file${this.#files.size + 1}}}`)
    }
    const [, id] = /\/images\/([0-9]+)$/.exec(answer.headers.location ?? '') ?? []
    if (id !== undefined && !this.#images.has(id)) this.#images.set(id, `{{image${this.#images.size + 1}}}`)
  }
}

function opensSession({ path, fault }: EntryCall): boolean {
  return fault === null && (path === 'login' || path === 'startSession')
}

const ENVELOPE =
  '<?xml version="1.0" encoding="UTF-8"?>\n<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="urn:Magento"><e:Body>'
const ENVELOPE_END = '</e:Body></e:Envelope>'

function loginAnswer(session: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="urn:Magento" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><SOAP-ENV:Body><ns1:loginResponse><loginReturn xsi:type="xsd:string">${session}</loginReturn></ns1:loginResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>
`
}

/** Declares UTF-8 in an XML text, because a player sends UTF-8 whatever the client sent. */
function withUtf8Declared(text: MaskedText): MaskedText {
  const [first, ...others] = text.segments
  if (typeof first !== 'string') return text
  return { ...text, segments: [first.replace(/^(\s*<\?xml[^>]*?encoding=["'])[^"']*/, '$1UTF-8'), ...others] }
}

function escapedXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function picked(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  )
}
