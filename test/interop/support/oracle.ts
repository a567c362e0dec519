import { Directory } from '../../../src/api/directory'
import { operationsOf } from '../../../src/api/operations'
import { productMediaResource } from '../../../src/catalog/rpc/resource'
import type { Log } from '../../../src/contract/log'
import { requestContext } from '../../../src/contract/request'
import type { Value } from '../../../src/contract/value'
import type { WsdlName } from '../../../src/wire/rpc/wsdlDocuments'
import type { Binding, Endpoint } from '../../../src/wire/soap/binding'
import { handleSoap } from '../../../src/wire/soap/handle'
import type { SoapVersion } from '../../../src/wire/soap/namespaces'
import { anything, type WsdlType } from '../../../src/wire/soap/types'
import { v1Endpoint } from '../../../src/wire/soap/v1'
import { v2Endpoint } from '../../../src/wire/soap/v2Endpoint'
import { temporaryDirectory } from '../../support/server'
import { keepWsdl, servePhp } from './php'
import { type Comparable, comparable, comparableOfPhp, type Description, phpForm } from './phpValue'

/** What a request came to: a call with its values, or the answer that refused it. */
export type Outcome =
  | { readonly operation: string; readonly values: readonly Comparable[] }
  | { readonly status: number; readonly contentType: string; readonly body: string }

/** PHP's SoapServer, with a WSDL of ours. */
export interface Oracle {
  /** What PHP reads in a request. */
  read(request: string): Promise<Outcome>
  /** The answer in which PHP returns the value. */
  answer(operation: string, value: Value, version: SoapVersion): Promise<string>
  stop(): Promise<void>
}

export async function startOracle(wsdl: WsdlName): Promise<Oracle> {
  const { directory, remove } = await temporaryDirectory()
  const file = await keepWsdl(wsdl, directory, 'http://127.0.0.1/api/soap/')
  const php = await servePhp('oracle.php', { KEEPSAKE_TEST_WSDL: file })
  const post = (task: string, body: string) => fetch(`${php.url}/${task}`, { method: 'POST', body })
  return {
    async read(request) {
      const response = await post('decode', request)
      const contentType = response.headers.get('content-type') ?? ''
      const body = await response.text()
      if (contentType !== 'application/json') return { status: response.status, contentType, body }
      const called = JSON.parse(body) as { operation: string; values: readonly Description[] }
      const values = called.values.map(comparableOfPhp)
      return {
        operation: called.operation,
        values: wsdl === 'wsi' ? partsOf(bindingOf(called.operation, wsdl), values) : values,
      }
    },
    async answer(operation, value, version) {
      const [element] = bindingOf(operation, wsdl).elements
      const form = phpForm(wsdl === 'wsi' ? new Map([['result', value]]) : value)
      const response = await post(`encode/${element}/${version}`, JSON.stringify(form))
      return response.text()
    },
    async stop() {
      await php.stop()
      await remove()
    },
  }
}

/** In document style PHP has one object for the whole of the request. A list in it is an object of its items. */
function partsOf({ parts }: Binding, [request]: readonly Comparable[]): readonly Comparable[] {
  const fields = fieldsOfObject(request)
  return parts.map(({ names: [name = ''], type }) => ofType(type, fields.get(name) ?? null))
}

/** A value of that type as it is in either style, so that both readings of it compare. */
function ofType(type: WsdlType, value: Comparable): Comparable {
  if (type.kind === 'array') return value === null ? null : itemsOfObject(value)
  if (type.kind !== 'entity' || value === null || !Object.hasOwn(Object(value), 'object')) return value
  const fields = [...fieldsOfObject(value)].map(
    ([name, field]) => [name, ofType(type.fields[name] ?? anything, field)] as const,
  )
  return { object: fields }
}

function itemsOfObject(value: Comparable): Comparable {
  if (!Object.hasOwn(Object(value), 'object')) return value
  const items = fieldsOfObject(value).get('complexObjectArray') ?? []
  return Array.isArray(items) ? items : [items]
}

function fieldsOfObject(value: Comparable | undefined): ReadonlyMap<string, Comparable> {
  const { object } = Object(value) as { readonly object?: readonly (readonly [string, Comparable])[] }
  return new Map(object ?? [])
}

/** What this server reads in a request: everything of it is in place but what the operations do. */
export async function ownReading(request: string, wsdl: WsdlName): Promise<Outcome> {
  const calls: Outcome[] = []
  const { bindings, types } = ENDPOINTS[wsdl]
  const noting = [...bindings].map(([element, binding]): [string, Binding] => [
    element,
    {
      ...binding,
      async run(values) {
        const given =
          binding.use === 'literal'
            ? binding.parts.map(({ type }, index) => ofType(type, comparable(values[index] ?? null)))
            : values.map(comparable)
        calls.push({ operation: binding.operation, values: given })
        return null
      },
    },
  ])
  const endpoint: Endpoint = { bindings: new Map(noting), types }
  const context = requestContext({
    publicUrl: 'http://127.0.0.1',
    clientAddress: '127.0.0.1',
    isConfidential: true,
  })
  const { status, contentType, body } = await handleSoap(Buffer.from(request), endpoint, context, log)
  return calls[0] ?? { status, contentType, body }
}

/** The answer in which this server returns the value. */
export function ownAnswer(operation: string, value: Value, version: SoapVersion, wsdl: WsdlName): string {
  const binding = bindingOf(operation, wsdl)
  return binding.write(value, binding.answer, version)
}

function bindingOf(operation: string, wsdl: WsdlName): Binding {
  const binding = bindingsOf(wsdl).find((candidate) => candidate.operation === operation)
  if (!binding) throw new Error(`no operation ${operation}`)
  return binding
}

/** The operations of a WSDL; of WS-I's those whose values have types, for the others are in a form that PHP has not. */
export function bindingsOf(wsdl: WsdlName): readonly Binding[] {
  const bindings = [...new Set(ENDPOINTS[wsdl].bindings.values())]
  if (wsdl !== 'wsi') return bindings.filter(({ use }) => use === 'encoded')
  return bindings.filter(({ use, operation }) => use === 'literal' && !/call$/i.test(operation))
}

/** Nothing may fail here in a way that a log would have to tell. */
const log: Log = {
  debug() {},
  error({ err }) {
    throw err
  },
}

const unused = () => Promise.reject(new Error('no operation runs here'))

const OPERATIONS = operationsOf({
  sessions: { open: unused, newAnonymousId: unused, find: unused, close: unused },
  accounts: { authenticate: unused },
  directory: new Directory([]),
  log,
})

const typed = v2Endpoint(OPERATIONS, [productMediaResource])
const ENDPOINTS: Readonly<Record<WsdlName, Endpoint>> = { v1: v1Endpoint(OPERATIONS), v2: typed, wsi: typed }
