import { fault } from '../../api/faults'
import type { Value } from '../../contract/value'
import type { Binding } from './binding'
import { encodeLiteralAnswer } from './literal'
import { partOf } from './partNames'
import type { SoapProfile } from './soapProfile'
import type { TypedOperation } from './typedOperations'
import { boolean, int, type WsdlType } from './types'

/**
 * Returns the WS-I binding of an operation: one of v2 in document style with literal values (magento.md §3).
 */
export function wsiBinding(
  { name, isSystem, parts, fewest, answer, run }: TypedOperation,
  { namespace }: SoapProfile,
): Binding {
  return {
    operation: name,
    protocol: 'wsi',
    elements: elementsOf(name, isSystem),
    use: 'literal',
    parts: parts.map((part) => partOf(part, 'wsi')),
    answer: {
      element: `${name}ResponseParam`,
      part: 'result',
      type: answerType(answer, isSystem),
      namespace,
    },
    async run(values, request) {
      requireParts(values.slice(0, fewest))
      return run(values, request)
    },
    write: encodeLiteralAnswer,
  }
}

/**
 * Checks that no required part is missing or nil. Magento takes the first element for the session's id when that is missing,
 * so that a required one is missing then (magento.md §6.8).
 *
 * @throws fault 6
 */
function requireParts(values: readonly Value[]): void {
  if (values.includes(null)) throw fault('invalid_request_param')
}

/**
 * Returns the element names of an operation. Magento's pattern has one exception, `resources`, which accepts
 * both names.
 */
function elementsOf(name: string, isSystem: boolean): readonly string[] {
  if (name === 'resources') return ['resourcesRequestParam', 'resourcesParam']
  return [isSystem ? `${name}Param` : `${name}RequestParam`]
}

/**
 * Returns the type of an answer. A method answers 1 for true; only `endSession` answers the word `true`
 * (recordings `wsi/remove`, `wsi/login-end`).
 */
function answerType(type: WsdlType, isSystem: boolean): WsdlType {
  return type === boolean && !isSystem ? int : type
}
