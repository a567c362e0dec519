import type { Operation } from '../../../src/api/operations'
import type { OperationName } from '../../../src/api/operationTable'
import { requestContext } from '../../../src/contract/request'
import { jsonRpcDialect } from '../../../src/wire/jsonrpc/dialect'
import type { Dialect, DialectAnswer } from '../../../src/wire/rpc/dialect'
import type { Endpoint } from '../../../src/wire/soap/binding'
import { soapDialect } from '../../../src/wire/soap/dialect'
import { v1Endpoint } from '../../../src/wire/soap/v1'
import { v2Endpoint } from '../../../src/wire/soap/v2Endpoint'
import { xmlRpcDialect } from '../../../src/wire/xmlrpc/dialect'
import { type UnchangingShop, unchangingShop } from './shop'

export const DIALECTS = ['SOAP v1', 'SOAP v2', 'WS-I', 'XML-RPC', 'JSON-RPC'] as const
export type DialectName = (typeof DIALECTS)[number]

/** What became of an input. */
export interface Outcome {
  readonly answer: DialectAnswer | null
  /** What ran, by the names that a request asks for it: a SOAP request's element, or the method. */
  readonly ran: readonly string[]
  /** What was logged as a failure that nobody had foreseen. */
  readonly unforeseen: readonly unknown[]
  readonly milliseconds: number
}

export type Ask = (input: Buffer) => Promise<Outcome>

/** The dialects as they are served, bytes in and bytes out, each noting what it runs. */
export function askable(): Readonly<Record<DialectName, Ask>> {
  const notes = { ran: [] as string[], unforeseen: [] as unknown[] }
  const log = { debug() {}, error: ({ err }: { readonly err: unknown }) => void notes.unforeseen.push(err) }
  const shop = unchangingShop(log)
  const noted = notingOperations(shop, notes.ran)
  const typed = soapDialect(notingEndpoint(v2Endpoint(shop.operations, shop.resources), notes.ran))
  const dialects: Readonly<Record<DialectName, Dialect>> = {
    'SOAP v1': soapDialect(notingEndpoint(v1Endpoint(shop.operations), notes.ran)),
    'SOAP v2': typed,
    'WS-I': typed,
    'XML-RPC': xmlRpcDialect(noted),
    'JSON-RPC': jsonRpcDialect(noted),
  }
  const askOf = (dialect: Dialect): Ask => {
    return async (input) => {
      notes.ran.length = 0
      notes.unforeseen.length = 0
      const started = performance.now()
      const context = requestContext({
        publicUrl: 'http://127.0.0.1',
        clientAddress: '127.0.0.1',
        isConfidential: true,
      })
      const answer = await dialect.handle(input, context, log)
      const milliseconds = performance.now() - started
      return { answer, ran: [...notes.ran], unforeseen: [...notes.unforeseen], milliseconds }
    }
  }
  return Object.fromEntries(DIALECTS.map((name) => [name, askOf(dialects[name])])) as Record<DialectName, Ask>
}

function notingOperations(
  { operations }: UnchangingShop,
  ran: string[],
): Readonly<Record<OperationName, Operation>> {
  const noting = ([name, operation]: [string, Operation]): [string, Operation] => [
    name,
    {
      ...operation,
      run(values, request) {
        ran.push(name)
        return operation.run(values, request)
      },
    },
  ]
  return Object.fromEntries(Object.entries(operations).map(noting)) as Record<OperationName, Operation>
}

function notingEndpoint({ bindings, types }: Endpoint, ran: string[]): Endpoint {
  const noting = [...bindings].map(
    ([key, binding]) =>
      [
        key,
        {
          ...binding,
          run(...call: Parameters<typeof binding.run>) {
            ran.push(binding.elements.find((element) => element.toLowerCase() === key) ?? key)
            return binding.run(...call)
          },
        },
      ] as const,
  )
  return { bindings: new Map(noting), types }
}
