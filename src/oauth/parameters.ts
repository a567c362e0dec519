import { atOnce, inTurns, type Steps } from '../contract/turns'
import { escapedFields, unescapedSlices } from '../text/forms'
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
  const header = [...headerParameters(request), ...formParameters(queryOf(request.url))]
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
  return contentType !== null && FORM.test(contentType) ? yield* parametersIn(body, MOST_FIELDS) : []
}

function queryOf(url: string): string {
  return /\?([^#]*)/.exec(url)?.[1] ?? ''
}

/** The parameters in a form or query, for one that is short. */
export function formParameters(form: ByteText): readonly Parameter[] {
  return atOnce(parametersIn(Buffer.from(form, 'latin1'), Number.POSITIVE_INFINITY))
}

/** @throws OAuthProblem for more than so many */
function* parametersIn(form: Buffer, most: number): Steps<readonly Parameter[]> {
  const parameters: Parameter[] = []
  for (const field of escapedFields(form)) {
    if (parameters.length > most) throw rejected('body')
    if (field === null) yield
    else parameters.push([yield* decoded(field.name), yield* decoded(field.value)])
  }
  return parameters
}

/** What is no escape is signed as it stands. */
function* decoded(escaped: Buffer): Steps<ByteText> {
  let text = ''
  for (const slice of unescapedSlices(escaped, 'kept')) {
    text += slice.toString('latin1')
    yield
  }
  return text
}

/** A name from the wire, in a form that an answer can repeat. */
function printable(name: ByteText): string {
  return /^[a-z_-]{1,64}$/.test(name) ? name : 'oauth_parameter'
}
