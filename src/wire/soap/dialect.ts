import type { Dialect } from '../http/dialect'
import type { Endpoint } from './binding'
import { unreadableRequest } from './faults'
import { handleSoap, layerFaultAnswer } from './handle'

/** SOAP at one URL, as bytes in and bytes out. */
export function soapDialect(endpoint: Endpoint): Dialect {
  return {
    handle: (body, request, log) => handleSoap(body, endpoint, request, log),
    refuse: (message, request) => layerFaultAnswer(unreadableRequest(message), request),
  }
}
