import { inTurns, type Steps } from '../contract/turns'
import { formParts } from '../text/forms'
import { type ByteText, percentDecode } from '../text/percent'
import type { SignedRequest } from './authentication'
import { rejected } from './problems'

export type Parameter = readonly [name: ByteText, value: ByteText]

/** The parameters of a request, from wherever they may stand (RFC 5849, 3.4.1.3 and 3.5). */
export interface Parameters {
  /** Those of the protocol, each of which may stand once. */
  readonly protocol: ReadonlyMap<string, ByteText>
  /** All that is signed: with the query's and the form's, less the signature itself and the header's realm. */
  readonly signed: readonly Parameter[]
}

const OAUTH_HEADER = /^\s*OAuth(?:\s+|$)/i
const FORM = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i

/** Whether an Authorization header makes the request a signed one; without one it is a guest's (magento.md §4). */
export function hasOAuthHeader({ authorization }: SignedRequest): boolean {
  return authorization.some((header) => OAUTH_HEADER.test(header))
}

/** @throws OAuthProblem for two Authorization headers, or a protocol parameter that stands twice */
export async function parametersOf(request: SignedRequest): Promise<Parameters> {
  const header = [...headerParameters(request), ...formPairs(queryOf(request.url))]
  const all = [...header, ...(await inTurns(bodyParameters(request)))]
  const protocol = new Map<string, ByteText>()
  for (const [name, value] of all) {
    if (!name.startsWith('oauth_')) continue
    if (protocol.has(name)) throw rejected(printable(name))
    protocol.set(name, value)
  }
  return { protocol, signed: all.filter(([name]) => name !== 'oauth_signature') }
}

function headerParameters({ authorization }: SignedRequest): readonly Parameter[] {
  if (authorization.length > 1) throw rejected('Authorization')
  const [header = ''] = authorization
  if (!OAUTH_HEADER.test(header)) return []
  const pairs = header.replace(OAUTH_HEADER, '').matchAll(/([^\s=,"]+)\s*=\s*(?:"([^"]*)"|([^\s,"]*))/g)
  return [...pairs]
    .map(
      ([, name = '', quoted, bare = '']): Parameter => [percentDecode(name), percentDecode(quoted ?? bare)],
    )
    .filter(([name]) => name !== 'realm')
}

/** Beyond what whoever reads the form will take, and has an error of its own for. */
const MOST_FIELDS = 20_000

/** The fields of a form, which may be as long as a body. */
function* bodyParameters({ contentType, body }: SignedRequest): Steps<readonly Parameter[]> {
  const parameters: Parameter[] = []
  if (contentType === null || !FORM.test(contentType)) return parameters
  for (const part of formParts(body)) {
    if (parameters.length > MOST_FIELDS) throw rejected('body')
    if (part === null) yield
    else parameters.push(yield* pairIn(part))
  }
  return parameters
}

function* pairIn(pair: Buffer): Steps<Parameter> {
  const equals = pair.indexOf('=')
  if (equals < 0) return [yield* formDecoded(pair), '']
  return [yield* formDecoded(pair.subarray(0, equals)), yield* formDecoded(pair.subarray(equals + 1))]
}

/** How much is decoded in one step. */
const SLICE = 64 * 1024

/** Slice by slice, none of which ends within an escape. */
function* formDecoded(bytes: Buffer): Steps<ByteText> {
  let text = ''
  for (let start = 0; start < bytes.length; ) {
    const percent = bytes.lastIndexOf('%', start + SLICE - 1)
    const isCut = percent > start && percent > start + SLICE - 3
    const end = isCut ? percent : start + SLICE
    text += formDecode(bytes.toString('latin1', start, end))
    start = end
    yield
  }
  return text
}

function queryOf(url: string): string {
  return /\?([^#]*)/.exec(url)?.[1] ?? ''
}

/** The pairs of an application/x-www-form-urlencoded text, in which `+` is a space. */
export function formPairs(text: string): readonly Parameter[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [formDecode(name), formDecode(value.join('='))]
    })
}

function formDecode(text: string): ByteText {
  return percentDecode(text.replaceAll('+', ' '))
}

/** A name from the wire, in a form that an answer can repeat. */
function printable(name: ByteText): string {
  return /^[a-z_-]{1,64}$/.test(name) ? name : 'oauth_parameter'
}
