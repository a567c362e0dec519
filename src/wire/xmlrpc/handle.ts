import { asFault } from '../../api/call'
import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { Fault } from '../../contract/fault'
import type { Log } from '../../contract/log'
import type { RequestContext } from '../../contract/request'
import type { DialectAnswer } from '../rpc/dialect'
import { bindXmlRpc } from './bind'
import { readRequest } from './decode'
import { encodeAnswer } from './encode'
import { encodeFault, XmlRpcLayerFault } from './faults'

/** Answers one XML-RPC request. Never throws: every failure is a fault. */
export async function handleXmlRpc(
  body: Buffer,
  operations: Readonly<Record<OperationName, Operation>>,
  request: RequestContext,
  log: Log,
): Promise<DialectAnswer> {
  try {
    const call = await readRequest(body)
    const { name, operation } = bindXmlRpc(call, operations)
    request.notes.noteOperation(name)
    return answered(encodeAnswer(await operation.run(call.values, request)))
  } catch (thrown) {
    const fault = thrown instanceof XmlRpcLayerFault ? thrown : asFault(thrown, log, request)
    return faultAnswer(fault, request)
  }
}

export function faultAnswer(fault: Fault | XmlRpcLayerFault, request: RequestContext): DialectAnswer {
  request.notes.noteFault(fault)
  return answered(encodeFault(fault))
}

/** Returns the answer. XML-RPC knows only the status 200. */
function answered(body: string): DialectAnswer {
  return { status: 200, contentType: 'text/xml; charset=UTF-8', body }
}
