import type { Directory } from '../api/directory'
import type { Operation } from '../api/operations'
import type { OperationName } from '../api/operationTable'
import { OBSERVED_IN_REST } from '../wire/rest/handle'
import { type TypedDialect, typedOperations } from '../wire/soap/typedOperations'

const DIALECTS: readonly TypedDialect[] = ['v2', 'wsi']

const OTHERS = [...OBSERVED_IN_REST, 'oauth.initiate', 'oauth.token', 'oauth.authorize']

/** Every operation that a request may be observed to ask for. */
export function operationNames(
  operations: Readonly<Record<OperationName, Operation>>,
  directory: Directory,
): ReadonlySet<string> {
  const paths = directory.resources.flatMap(({ name, methods }) =>
    [...methods.keys()].map((method) => `${name}.${method}`),
  )
  const typed = DIALECTS.flatMap((dialect) => typedOperations(operations, directory, dialect)).map(
    ({ name }) => name,
  )
  return new Set([...Object.keys(operations), ...paths, ...typed, ...OTHERS])
}
