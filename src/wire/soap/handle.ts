import { asFault } from '../../api/call'
import type { Operation, OperationName } from '../../api/operations'
import type { Fault } from '../../contract/fault'
import type { Log } from '../../contract/log'
import type { RequestContext } from '../../contract/request'
import { encodeAnswer } from './encode'
import { readEnvelope, type SoapRequest } from './envelope'
import { encodeFault, SoapLayerFault } from './faults'
import type { SoapVersion } from './namespaces'
import { bindV1 } from './v1'

export interface SoapAnswer {
  readonly status: 200 | 500
  readonly contentType: string
  readonly body: string
}

/** Answers one SOAP v1 request. Never throws: whatever fails is a fault in the caller's SOAP version. */
export async function handleV1(
  body: Buffer,
  operations: Readonly<Record<OperationName, Operation>>,
  request: RequestContext,
  log: Log,
): Promise<SoapAnswer> {
  let envelope: SoapRequest | null = null
  try {
    envelope = readEnvelope(body)
    const { name, operation, values, answerType } = bindV1(envelope, operations)
    request.observed.operation = name
    const value = await operation.run(values, request)
    return answered(encodeAnswer(name, value, answerType, envelope.version))
  } catch (thrown) {
    if (thrown instanceof SoapLayerFault) return layerFaultAnswer(thrown, request)
    return faultAnswer(asFault(thrown, log, request), envelope?.version ?? '1.1', request)
  }
}

/** A fault of the API comes with HTTP 200, in either SOAP version (REFERENCE.md §3). */
function faultAnswer(fault: Fault, version: SoapVersion, request: RequestContext): SoapAnswer {
  request.observed.fault = fault.code
  return answered(encodeFault(String(fault.code), fault.message, version))
}

/** A fault of the SOAP layer comes with HTTP 500 and the content type of its SOAP version. */
export function layerFaultAnswer(fault: SoapLayerFault, request: RequestContext): SoapAnswer {
  request.observed.fault = fault.code
  const mediaType = fault.version === '1.2' ? 'application/soap+xml' : 'text/xml'
  return {
    status: 500,
    contentType: `${mediaType}; charset=utf-8`,
    body: encodeFault(fault.code, fault.message, fault.version),
  }
}

function answered(body: string): SoapAnswer {
  return { status: 200, contentType: 'text/xml; charset=UTF-8', body }
}
