import { atOnce, inTurns, type Steps } from '../contract/turns'
import { escapedFields, unescapedSlices } from '../text/forms'
import { type ByteText, percentDecode } from '../text/percent'
import type { SignedRequest } from './authentication'
import { rejected } from './problems'

export type Parameter = readonly [name: ByteText, value: ByteText]

/** The parameters of a request, from all places where they may stand (RFC 5849, 3.4.1.3 and 3.5). */
export interface Parameters {
  /** The parameters of the protocol. Each may stand only once. */
  readonly protocol: ReadonlyMap<string, ByteText>
  /**
   * All signed parameters: those of the protocol, the query and the form, without the signature itself and
   * the header's realm.
   */
  readonly signed: readonly Parameter[]
}

const OAUTH_HEADER = /^\s*OAuth(?:\s+|$)/i
const FORM = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i

/**
 * Whether an Authorization header makes the request a signed one. Without one it is a guest's
 * (magento.md §4).
 */
export function hasOAuthHeader({ authorization }: SignedRequest): boolean {
  return authorization.some((header) => OAUTH_HEADER.test(header))
}

/** @throws OAuthProblem for two Authorization headers, or a protocol parameter that is given twice */
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

/**
 * The limit of fields here. It is higher than that of the code that reads the form later, which has an error
 * of its own for too many.
 */
const MOST_FIELDS = 20_000

/** Reads the fields of a form, which may be as long as a body allows. */
function* bodyParameters({ contentType, body }: SignedRequest): Steps<readonly Parameter[]> {
  return contentType !== null && FORM.test(contentType) ? yield* parametersIn(body, MOST_FIELDS) : []
}

function queryOf(url: string): string {
  return /\?([^#]*)/.exec(url)?.[1] ?? ''
}

/** Reads the parameters of a short form or query, at once. */
export function formParameters(form: ByteText): readonly Parameter[] {
  return atOnce(parametersIn(Buffer.from(form, 'latin1'), Number.POSITIVE_INFINITY))
}

/** @throws OAuthProblem for more than `most` parameters */
function* parametersIn(form: Buffer, most: number): Steps<readonly Parameter[]> {
  const parameters: Parameter[] = []
  for (const field of escapedFields(form)) {
    if (parameters.length > most) throw rejected('body')
    if (field === null) yield
    else parameters.push([yield* decoded(field.name), yield* decoded(field.value)])
  }
  return parameters
}

/** Decodes a name or value. A percent sign that escapes nothing is kept, and signed so. */
function* decoded(escaped: Buffer): Steps<ByteText> {
  let text = ''
  for (const slice of unescapedSlices(escaped, 'kept')) {
    text += slice.toString('latin1')
    yield
  }
  return text
}

/** Returns a name from the request in a form that an answer can repeat. */
function printable(name: ByteText): string {
  return /^[a-z_-]{1,64}$/.test(name) ? name : 'oauth_parameter'
}
