import { globalFaults } from '../../../src/api/faults'
import { isOperationName } from '../../../src/api/operationTable'
import { productMediaFaults } from '../../../src/catalog/rpc/faults'
import { childElements, parseXml, type XmlElement } from '../../../src/text/xml/tree'
import type { DialectName, Outcome } from './dialects'
import type { SecondReading } from './secondReading'

/** What an answer says: that the call was made, that the API refused it, or that it never became a call. */
export type Verdict = 'success' | 'fault' | 'refused' | 'no answer'

export type Judge = (input: Buffer, outcome: Outcome, second: SecondReading) => Verdict

/**
 * Throws unless the answer is one that its protocol has, and a call was made only if somebody else reads the very same
 * call in the input: what cannot be understood is never answered as if it had been.
 */
export const JUDGES: Readonly<Record<DialectName, Judge>> = {
  'SOAP v1': judgeSoap,
  'SOAP v2': judgeSoap,
  'WS-I': judgeSoap,
  'XML-RPC': judgeXmlRpc,
  'JSON-RPC': judgeJsonRpc,
}

/** The faults that a call can end with. Fault 1 stands for a failure of ours, and is never one. */
const API_CODES: ReadonlySet<string> = new Set(
  [...Object.values(globalFaults), ...Object.values(productMediaFaults)]
    .map(([code]) => String(code))
    .filter((code) => code !== '1'),
)

function judgeSoap(input: Buffer, { answer, ran }: Outcome, second: SecondReading): Verdict {
  const { status, body } = present(answer)
  const envelope = rootOf(body, 'Envelope')
  const said = onlyChild(onlyChild(envelope))
  const code = said.name === 'Fault' ? textOf(firstLeaf(said)) : null
  const verdict = code === null ? 'success' : API_CODES.has(code) ? 'fault' : 'refused'
  insist(status === (verdict === 'refused' ? 500 : 200), `status ${status} for ${verdict} ${code ?? ''}`)
  const asked = verdict === 'refused' ? [] : [second.soapElement(input)]
  insistSame(ran.map(lowerCase), asked.map(lowerCase))
  return verdict
}

function judgeXmlRpc(input: Buffer, { answer, ran }: Outcome, second: SecondReading): Verdict {
  const { status, body } = present(answer)
  insist(status === 200, `status ${status}`)
  const said = onlyChild(rootOf(body, 'methodResponse'))
  insist(['params', 'fault'].includes(said.name), said.name)
  const code = said.name === 'fault' ? textOf(named('int', said)) : null
  const verdict = code === null ? 'success' : API_CODES.has(code) ? 'fault' : 'refused'
  insistSame(ran, verdict === 'refused' ? [] : [second.xmlRpcMethod(input)])
  return verdict
}

interface JsonAnswer {
  readonly result?: unknown
  readonly error?: { readonly code: number }
  readonly id: unknown
}

function judgeJsonRpc(input: Buffer, { answer, ran }: Outcome, second: SecondReading): Verdict {
  const value = second.json(input)
  const requests = Array.isArray(value) ? value : [value]
  const asked = requests.filter(isCallable)
  insistInOrder(
    ran,
    asked.map(({ method }) => (isPath(method) ? 'call' : method)),
  )
  if (answer === null) {
    insist(requests.length > 0 && requests.every(isNotification), 'no answer to a request')
    return 'no answer'
  }
  insist(answer.status === 200, `status ${answer.status}`)
  const said: JsonAnswer | readonly JsonAnswer[] = JSON.parse(answer.body)
  const answers = 'length' in said ? said : [said]
  const made = answers.filter(({ error }) => error === undefined || API_CODES.has(String(error.code)))
  insist(made.length <= ran.length, 'more is answered than was run')
  for (const { id } of made) {
    insist(
      asked.some((request) => JSON.stringify(request.id) === JSON.stringify(id)),
      'an id that none had',
    )
  }
  const isSuccess = answers.some(({ error }) => error === undefined)
  return isSuccess ? 'success' : made.length > 0 ? 'fault' : 'refused'
}

interface JsonRequest {
  readonly method: string
  readonly id?: unknown
}

function isRequest(value: unknown): value is JsonRequest {
  const { jsonrpc, method } = Object(value) as { jsonrpc?: unknown; method?: unknown }
  return VERSIONS.has(jsonrpc) && typeof method === 'string'
}

/** OpenMage takes these as well (magento.md §8). */
const VERSIONS: ReadonlySet<unknown> = new Set(['2.0', 2, undefined])

/** The path of a resource's method, which stands for a call of it. */
function isPath(method: string): boolean {
  return method.includes('.')
}

function isCallable(value: unknown): value is JsonRequest {
  return isRequest(value) && (isOperationName(value.method) || isPath(value.method))
}

function isNotification(value: unknown): boolean {
  return isRequest(value) && !Object.hasOwn(value, 'id')
}

function present(answer: Outcome['answer']): NonNullable<Outcome['answer']> {
  if (answer === null) throw new Error('no answer')
  return answer
}

function rootOf(body: string, name: string): XmlElement {
  const { root } = parseXml(body)
  insist(root.name === name, `the answer is a ${root.name}`)
  return root
}

function onlyChild(element: XmlElement): XmlElement {
  const [only, ...others] = childElements(element)
  if (!only || others.length > 0) throw new Error(`a ${element.name} of ${others.length + 1} elements`)
  return only
}

function firstLeaf(element: XmlElement): XmlElement {
  const [first] = childElements(element)
  return first ? firstLeaf(first) : element
}

function named(name: string, element: XmlElement): XmlElement {
  if (element.name === name) return element
  const inside = childElements(element).map((child) => named(name, child))
  return inside.find((found) => found.name === name) ?? element
}

function textOf({ children }: XmlElement): string {
  return children.map((child) => ('text' in child ? child.text : '')).join('')
}

function lowerCase<T extends string | null | undefined>(text: T): T | string {
  return text?.toLowerCase() ?? text
}

function insist(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(`not an answer of this protocol: ${otherwise}`)
}

/** @param asked with undefined for what the second reading cannot tell */
function insistSame(ran: readonly unknown[], asked: readonly unknown[]): void {
  if (ran.length === asked.length && asked.every((name) => name === undefined)) return
  if (JSON.stringify(ran) === JSON.stringify(asked)) return
  throw new Error(`what ran is ${JSON.stringify(ran)}, what was asked for ${JSON.stringify(asked)}`)
}

function insistInOrder(ran: readonly string[], asked: readonly string[]): void {
  let from = 0
  for (const name of ran) {
    from = asked.indexOf(name, from) + 1
    if (from === 0) insistSame(ran, asked)
  }
}
