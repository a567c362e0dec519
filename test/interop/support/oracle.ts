import { Directory } from '../../../src/api/directory'
import { type Operation, type OperationName, operationsOf } from '../../../src/api/operations'
import type { Log } from '../../../src/contract/log'
import type { Value } from '../../../src/contract/value'
import { handleSoap } from '../../../src/wire/soap/handle'
import type { SoapVersion } from '../../../src/wire/soap/namespaces'
import { v1Endpoint } from '../../../src/wire/soap/v1'
import { temporaryDirectory } from '../../support/server'
import { keepWsdl, servePhp } from './php'
import { type Comparable, comparable, comparableOfPhp, type Description, phpForm } from './phpValue'

/** What a request came to: a call with its values, or the answer that refused it. */
export type Outcome =
  | { readonly operation: string; readonly values: readonly Comparable[] }
  | { readonly status: number; readonly contentType: string; readonly body: string }

/** PHP's SoapServer, with our WSDL. */
export interface Oracle {
  /** What PHP reads in a request. */
  read(request: string): Promise<Outcome>
  /** The answer in which PHP returns the value. */
  answer(operation: OperationName, value: Value, version: SoapVersion): Promise<string>
  stop(): Promise<void>
}

export async function startOracle(): Promise<Oracle> {
  const { directory, remove } = await temporaryDirectory()
  const wsdl = await keepWsdl('v1', directory, 'http://127.0.0.1/api/soap/')
  const php = await servePhp('oracle.php', { KEEPSAKE_TEST_WSDL: wsdl })
  const post = (task: string, body: string) => fetch(`${php.url}/${task}`, { method: 'POST', body })
  return {
    async read(request) {
      const response = await post('decode', request)
      const contentType = response.headers.get('content-type') ?? ''
      const body = await response.text()
      if (contentType !== 'application/json') return { status: response.status, contentType, body }
      const called = JSON.parse(body) as { operation: string; values: readonly Description[] }
      return { operation: called.operation, values: called.values.map(comparableOfPhp) }
    },
    async answer(operation, value, version) {
      const response = await post(`encode/${operation}/${version}`, JSON.stringify(phpForm(value)))
      return response.text()
    },
    async stop() {
      await php.stop()
      await remove()
    },
  }
}

/** What this server reads in a request: everything of it is in place but what the operations do. */
export async function ownReading(request: string): Promise<Outcome> {
  const calls: Outcome[] = []
  const noting = ([name, { parts }]: [string, Operation]): [string, Operation] => [
    name,
    {
      parts,
      async run(values) {
        calls.push({ operation: name, values: values.map(comparable) })
        return null
      },
    },
  ]
  const operations = Object.fromEntries(Object.entries(OPERATIONS).map(noting)) as typeof OPERATIONS
  const context = { publicUrl: 'http://127.0.0.1', currentStore: 0, observed: {} }
  const answer = await handleSoap(Buffer.from(request), v1Endpoint(operations), context, log)
  if (calls[0]) return calls[0]
  const { status, contentType, body } = answer
  return { status, contentType, body }
}

/** The answer in which this server returns the value. */
export function ownAnswer(operation: OperationName, value: Value, version: SoapVersion): string {
  const binding = v1Endpoint(OPERATIONS).bindings.get(operation.toLowerCase())
  if (!binding) throw new Error(`no operation ${operation}`)
  return binding.write(value, binding.answer, version)
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
  sessions: { open: unused, find: unused, close: unused },
  accounts: { authenticate: unused },
  directory: new Directory([]),
  log,
})
