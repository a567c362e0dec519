import type { Dialect } from '../rpc/dialect'
import type { Endpoint } from './binding'
import { unreadableRequest } from './faults'
import { faultAnswer, handleSoap, layerFaultAnswer } from './handle'

/** Returns the SOAP of one URL as a dialect. */
export function soapDialect(endpoint: Endpoint): Dialect {
  return {
    handle: (body, request, log) => handleSoap(body, endpoint, request, log),
    fail: (fault, request) => faultAnswer(fault, '1.1', request),
    refuse: (message, request) => layerFaultAnswer(unreadableRequest(message), request),
  }
}
