import type { Binding } from './binding'
import { encodeLiteralAnswer } from './literal'
import { partOf } from './partNames'
import type { TypedOperation } from './typedOperations'
import { boolean, int, type WsdlType } from './types'

/** WS-I: the operations of v2 in document style with literal values (magento.md §3). */
export function wsiBinding({ name, isSystem, parts, answer, run }: TypedOperation): Binding {
  return {
    operation: name,
    protocol: 'wsi',
    elements: elementsOf(name, isSystem),
    use: 'literal',
    parts: parts.map((part) => partOf(part, 'wsi')),
    answer: { element: `${name}ResponseParam`, part: 'result', type: answerType(answer, isSystem) },
    run,
    write: encodeLiteralAnswer,
  }
}

/** Magento's pattern has one exception, `resources`, which is taken by either. */
function elementsOf(name: string, isSystem: boolean): readonly string[] {
  if (name === 'resources') return ['resourcesRequestParam', 'resourcesParam']
  return [isSystem ? `${name}Param` : `${name}RequestParam`]
}

/** What a method has done is 1; only `endSession` answers in words (recordings `wsi/remove`, `wsi/login-end`). */
function answerType(type: WsdlType, isSystem: boolean): WsdlType {
  return type === boolean && !isSystem ? int : type
}
