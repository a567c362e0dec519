import { readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { authorization, type Signer } from '../support/oauth'

/** A recorded conversation: its steps follow one another on one server. */
export interface Scenario {
  readonly scenario: string
  readonly steps: readonly Step[]
}

export interface Step {
  readonly request: RecordedRequest
  readonly response: Answer
}

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Text, which is sent as UTF-8, or bytes. */
  readonly body?: string | Buffer
  /** Who signs it; without, nobody does. */
  readonly oauth?: Signer
}

export interface Answer {
  readonly status: number
  /** Those that the recordings keep. */
  readonly headers: { readonly 'content-type'?: string; readonly location?: string }
  readonly body: string
}

/** What the placeholders of a conversation stand for, as far as its answers have told. */
export type Bindings = ReadonlyMap<string, string>

export function readScenarios(recording: string): readonly Scenario[] {
  return JSON.parse(readFileSync(path.join(__dirname, 'recordings', recording), 'utf8'))
}

/** The fixture that a server must hold before it can answer the recordings. */
export function readFixture(): string {
  return readFileSync(path.join(__dirname, 'fixture.json'), 'utf8')
}

/** Plays a conversation, and expects every answer to be the recorded one. */
export async function replay({ steps }: Scenario, server: string): Promise<void> {
  let bindings: Bindings = new Map([['base', server]])
  for (const { request, response } of steps) {
    const answer = await send(server, filledRequest(request, bindings))
    bindings = learned(response, answer, bindings)
    expect(answer).toEqual(filledAnswer(response, bindings))
  }
}

/** Sends the request with exactly its own headers, besides those that HTTP itself needs. */
export async function send(
  server: string,
  { method, path, headers, body, oauth }: RecordedRequest,
): Promise<Answer> {
  const bytes = Buffer.from(body ?? '')
  const signature = oauth && { authorization: authorization(method, server + path, oauth) }
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': bytes.length }
    const request = http.request(
      server + path,
      { method, headers: { ...headers, ...signature, ...length } },
      resolve,
    )
    request.on('error', reject)
    request.end(bytes)
  })
  return {
    status: response.statusCode ?? 0,
    headers: keptHeaders(response.headers),
    body: losslessText(Buffer.concat(await response.toArray())),
  }
}

/** The request with the values of its placeholders in their places. */
export function filledRequest({ body, ...request }: RecordedRequest, bindings: Bindings): RecordedRequest {
  const filled = { ...request, path: fill(request.path, bindings) }
  return typeof body === 'string' ? { ...filled, body: fill(body, bindings) } : filled
}

/** The answer that the recording wants; a placeholder without a value stays, and so shows in the difference. */
export function filledAnswer({ status, headers, body }: Answer, bindings: Bindings): Answer {
  const filled =
    headers.location === undefined ? headers : { ...headers, location: fill(headers.location, bindings) }
  return { status, headers: keptHeaders(filled), body: fill(body, forBodyOf({ headers, body }, bindings)) }
}

interface SentHeaders {
  readonly 'content-type'?: string | undefined
  readonly location?: string | undefined
}

function keptHeaders({ 'content-type': type, location }: SentHeaders): Answer['headers'] {
  return {
    ...(type !== undefined && { 'content-type': normalized(type) }),
    ...(location !== undefined && { location }),
  }
}

/** PHP escapes the slashes of a JSON text, and so those of what stands in it; JSON-RPC's answers have them bare. */
function forBodyOf({ headers, body }: Pick<Answer, 'headers' | 'body'>, bindings: Bindings): Bindings {
  if (!headers['content-type']?.includes('json') || !body.includes('\\/')) return bindings
  return new Map([...bindings].map(([name, value]) => [name, value.replaceAll('/', '\\/')]))
}

/** The bindings, and those that the answer shows by what it has where the recording has a placeholder. */
export function learned(recorded: Answer, answered: Answer, bindings: Bindings): Bindings {
  const inBody = valuesIn(recorded.body, answered.body, forBodyOf(recorded, bindings))
  const inLocation = valuesIn(recorded.headers.location ?? '', answered.headers.location ?? '', bindings)
  return new Map([...bindings, ...inBody, ...inLocation])
}

function valuesIn(recorded: string, answered: string, bindings: Bindings): readonly [string, string][] {
  return Object.entries(patternOf(recorded, bindings).exec(answered)?.groups ?? {})
}

const PLACEHOLDER = /\{\{(\w+)\}\}/g

function fill(text: string, bindings: Bindings): string {
  return text.replace(PLACEHOLDER, (placeholder, name: string) => bindings.get(name) ?? placeholder)
}

/** Matches an answer like the recorded one; an unknown placeholder captures, and must repeat what it captured. */
function patternOf(recorded: string, bindings: Bindings): RegExp {
  const captured = new Set<string>()
  const parts = recorded.split(PLACEHOLDER).map((part, index) => {
    const isLiteral = index % 2 === 0
    if (isLiteral) return escaped(part)
    const known = bindings.get(part)
    if (known !== undefined) return escaped(known)
    if (captured.has(part)) return `\\k<${part}>`
    captured.add(part)
    return `(?<${part}>${formOf(part)})`
  })
  return new RegExp(`^${parts.join('')}$`)
}

function formOf(placeholder: string): string {
  if (placeholder.startsWith('image')) return '[0-9]+'
  return placeholder.startsWith('file') ? '[A-Za-z0-9_/.-]+' : '[0-9A-Za-z]+'
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** Media types and charsets know no case, and white space between them says nothing. */
function normalized(contentType: string): string {
  return contentType.toLowerCase().replace(/\s/g, '')
}

/** Keeps a byte order mark and refuses what is no UTF-8, so that equal texts are equal bytes. */
function losslessText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
