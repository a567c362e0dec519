import { OPERATION_NAMES } from '../api/operationTable'
import type { ResourceDescription } from '../contract/method'
import { OBSERVED_IN_REST } from '../wire/rest/handle'
import { typedName } from '../wire/soap/typedOperations'

const OTHERS = [...OBSERVED_IN_REST, 'oauth.initiate', 'oauth.token', 'oauth.authorize']

/** Returns the names of all operations that a request can call, as the metrics label them. */
export function operationNames(resources: readonly ResourceDescription[]): ReadonlySet<string> {
  const methods = resources.flatMap((resource) =>
    [...resource.methods.keys()].flatMap((method) => [
      `${resource.name}.${method}`,
      typedName(resource, method),
    ]),
  )
  return new Set([...OPERATION_NAMES, ...methods, ...OTHERS])
}
