import type { Operation } from '../../api/operations'
import { isOperationName, type OperationName, type PartName } from '../../api/operationTable'
import { isList, itemsOf, type Value } from '../../contract/value'
import { shown } from '../rpc/shown'
import type { XmlRpcRequest } from './decode'
import { layerFault } from './faults'

/** The parts that accept an array, or an array or a struct, alone. Any other accepts any value, which is cast as in PHP. */
const ACCEPTED: Readonly<Partial<Record<PartName, (value: Value) => boolean>>> = {
  args: isList,
  calls: isCollection,
  options: isCollection,
}

function isCollection(value: Value): boolean {
  return itemsOf(value) !== null
}

/**
 * Finds the operation that a request names, case-sensitively, and checks its values.
 *
 * @throws faults 620, 623
 */
export function bindXmlRpc(
  { method, values }: XmlRpcRequest,
  operations: Readonly<Record<OperationName, Operation>>,
): { readonly name: OperationName; readonly operation: Operation } {
  if (!isOperationName(method)) throw layerFault('unknown_method', `Method "${shown(method)}" does not exist`)
  const operation = operations[method]
  if (!matches(values, operation)) throw layerFault('wrong_signature')
  return { name: method, operation }
}

function matches(values: readonly Value[], { fewest, parts }: Operation): boolean {
  if (values.length < fewest || values.length > parts.length) return false
  return values.every((value, index) => {
    const name = parts[index]
    const accepts = name === undefined ? undefined : ACCEPTED[name]
    return accepts === undefined || accepts(value)
  })
}
