import { asFault } from '../../api/call'
import type { Fault } from '../../contract/fault'
import type { Log } from '../../contract/log'
import type { RequestContext } from '../../contract/request'
import type { DialectAnswer } from '../rpc/dialect'
import { bind, type Endpoint } from './binding'
import { readEnvelope, type SoapRequest } from './envelope'
import { encodeFault, SoapLayerFault } from './faults'
import type { SoapVersion } from './namespaces'

/** Answers one SOAP request. Never throws: every failure is a fault in the caller's SOAP version. */
export async function handleSoap(
  body: Buffer,
  endpoint: Endpoint,
  request: RequestContext,
  log: Log,
): Promise<DialectAnswer> {
  let envelope: SoapRequest | null = null
  try {
    envelope = await readEnvelope(body)
    const { binding, values } = bind(envelope, endpoint)
    request.notes.noteProtocol(binding.protocol)
    request.notes.noteOperation(binding.operation)
    const value = await binding.run(values, request)
    return answered(binding.write(value, binding.answer, envelope.version))
  } catch (thrown) {
    if (thrown instanceof SoapLayerFault) return layerFaultAnswer(thrown, request)
    return faultAnswer(asFault(thrown, log, request), envelope?.version ?? '1.1', request)
  }
}

/** Answers a fault of the API, with HTTP 200 in either SOAP version (magento.md §3). */
export function faultAnswer(fault: Fault, version: SoapVersion, request: RequestContext): DialectAnswer {
  request.notes.noteFault(fault)
  return answered(encodeFault(String(fault.code), fault.message, version))
}

/** Answers a fault of the SOAP layer, with HTTP 500 and the content type of its SOAP version. */
export function layerFaultAnswer(fault: SoapLayerFault, request: RequestContext): DialectAnswer {
  const { code, message, cause } = fault
  request.notes.noteFault({ code, message, ...(cause instanceof Error && { detail: cause.message }) })
  const mediaType = fault.version === '1.2' ? 'application/soap+xml' : 'text/xml'
  return {
    status: 500,
    contentType: `${mediaType}; charset=utf-8`,
    body: encodeFault(fault.code, fault.message, fault.version),
  }
}

function answered(body: string): DialectAnswer {
  return { status: 200, contentType: 'text/xml; charset=UTF-8', body }
}
