import type { CallInterceptor } from '../contract/interception'
import type { Method, Resource } from '../contract/method'
import type { RequestContext } from '../contract/request'
import type { Value } from '../contract/value'

/** What takes positional values for named parts, as an operation of the API does. */
export interface Operation {
  readonly parts: readonly string[]
  run(values: readonly Value[], request: RequestContext): Promise<Value>
}

/** These carry the calls of methods, which are intercepted themselves. */
const CARRIERS: ReadonlySet<string> = new Set(['call', 'multiCall'])

/** Whether an operation is intercepted as itself. */
export function isIntercepted(operation: string): boolean {
  return !CARRIERS.has(operation)
}

/** The operations, each intercepted but those that carry calls. */
export function interceptedOperations<Name extends string>(
  operations: Readonly<Record<Name, Operation>>,
  interceptor: CallInterceptor,
): Readonly<Record<Name, Operation>> {
  const all = Object.entries(operations) as [Name, Operation][]
  return Object.fromEntries(
    all.map(([name, operation]) => [
      name,
      isIntercepted(name) ? interceptedOperation(name, operation, interceptor) : operation,
    ]),
  ) as Record<Name, Operation>
}

function interceptedOperation(name: string, operation: Operation, interceptor: CallInterceptor): Operation {
  return {
    ...operation,
    run: (values, request) =>
      interceptor.intercept({ path: name, arguments: named(operation.parts, values) }, request, () =>
        operation.run(values, request),
      ),
  }
}

/** The resource, each of its methods intercepted. */
export function interceptedResource(resource: Resource, interceptor: CallInterceptor): Resource {
  const methods = [...resource.methods].map(([name, method]): [string, Method] => {
    const path = `${resource.name}.${name}`
    const call: Method['call'] = (args, request) =>
      interceptor.intercept({ path, arguments: named(method.parameters, args) }, request, () =>
        method.call(args, request),
      )
    return [name, { ...method, call }]
  })
  return { ...resource, methods: new Map(methods) }
}

function named(names: readonly string[], values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(names.map((name, position) => [name, values[position] ?? null]))
}
