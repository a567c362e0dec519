import type { Binding } from './binding'
import { encodeAnswer } from './encode'
import { partOf } from './partNames'
import type { SoapProfile } from './soapProfile'
import type { TypedOperation } from './typedOperations'

/** Returns the SOAP v2 binding of an operation, in rpc style with encoded values (magento.md §3). */
export function v2Binding(operation: TypedOperation, { namespace, identifierType }: SoapProfile): Binding {
  const { name, parts, answer, run } = operation
  return {
    operation: name,
    protocol: 'soap_v2',
    elements: [name],
    use: 'encoded',
    parts: parts.map((part) => partOf(part, 'v2', identifierType)),
    answer: { element: `${name}Response`, part: answerPart(operation), type: answer, namespace },
    run,
    write: encodeAnswer,
  }
}

function answerPart({ name, isSystem }: TypedOperation): string {
  if (isSystem) return `${name}Return`
  return name.endsWith('CurrentStore') ? 'storeView' : 'result'
}
