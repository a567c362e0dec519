import type { Operation } from '../api/operations'
import { Fault } from '../contract/fault'
import type { CallInterceptor } from '../contract/interception'
import type { Method, Resource } from '../contract/method'
import { refusedCall } from '../contract/notedCall'
import { text } from '../contract/readers'
import type { RequestContext } from '../contract/request'
import { itemsOf, type Value } from '../contract/value'

/** Operations that carry calls of methods. Those calls are intercepted one by one. */
const CARRIERS: ReadonlySet<string> = new Set(['call', 'multiCall'])

/** Whether an operation is intercepted itself. */
export function isIntercepted(operation: string): boolean {
  return !CARRIERS.has(operation)
}

/** Returns the operations, each intercepted unless it carries calls. */
export function interceptedOperations<Name extends string>(
  operations: Readonly<Record<Name, Operation>>,
  interceptor: CallInterceptor,
): Readonly<Record<Name, Operation>> {
  const all = Object.entries(operations) as [Name, Operation][]
  return Object.fromEntries(
    all.map(([name, operation]) => [
      name,
      isIntercepted(name) ? interceptedOperation(name, operation, interceptor) : carrier(operation),
    ]),
  ) as Record<Name, Operation>
}

function interceptedOperation(name: string, operation: Operation, interceptor: CallInterceptor): Operation {
  return {
    ...operation,
    async run(values, request) {
      noteSession(operation, values, request)
      const call = { path: name, arguments: named(operation.parts, values) }
      const run = async () => ({ value: await operation.run(values, request) })
      return (await interceptor.intercept(call, request, run)).value
    },
  }
}

/**
 * Returns an operation that carries calls. When it fails before it has carried any, such as without a
 * session, it notes them with its fault.
 */
function carrier(operation: Operation): Operation {
  return {
    ...operation,
    async run(values, request) {
      noteSession(operation, values, request)
      const { exchange } = request.notes
      const before = exchange?.calls.length
      try {
        return await operation.run(values, request)
      } catch (thrown) {
        const isNoted = exchange?.calls.length !== before
        if (thrown instanceof Fault && !isNoted) noteUncarried(values, thrown, request)
        throw thrown
      }
    },
  }
}

function noteUncarried(
  [, target = null, args = null]: readonly Value[],
  fault: Fault,
  request: RequestContext,
) {
  const path = text(target)
  const given = path === null ? [target] : (itemsOf(args) ?? [args])
  request.notes.exchange?.noteCall(refusedCall(path ?? 'multiCall', [], given, fault, request))
}

/** Notes the session id, which is the first value of every operation that takes one. */
function noteSession({ parts }: Operation, [first = null]: readonly Value[], request: RequestContext): void {
  if (parts[0] === 'sessionId') request.notes.noteSession(text(first) ?? '')
}

/** Returns the resource with each of its methods intercepted. */
export function interceptedResource(resource: Resource, interceptor: CallInterceptor): Resource {
  const methods = [...resource.methods].map(([name, method]): [string, Method] => {
    const path = `${resource.name}.${name}`
    const call: Method['call'] = async (args, request) => {
      const decoded = { path, arguments: named(method.parameters, args) }
      const run = async () => ({ value: await method.call(args, request) })
      return (await interceptor.intercept(decoded, request, run)).value
    }
    return [name, { ...method, call }]
  })
  return { ...resource, methods: new Map(methods) }
}

function named(names: readonly string[], values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(names.map((name, position) => [name, values[position] ?? null]))
}
