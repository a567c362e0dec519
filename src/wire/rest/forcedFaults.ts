import { globalFaults } from '../../api/faults'
import { fault as imageFault } from '../../catalog/rest/faults'
import { productMediaFaults } from '../../catalog/rpc/faults'
import { Fault, type FaultCode } from '../../contract/fault'
import type { HttpFault } from '../../contract/httpFault'
import { fault as restFault } from './errors'

type Named = (text?: string) => HttpFault

/** REST's error for each fault of the other dialects, by its cause. */
const NAMED_IN_REST: Readonly<Record<FaultCode, Named>> = {
  0: (text) => imageFault('unknown_error', text),
  1: (text) => restFault('internal', text),
  2: (text) => restFault('access_denied', text),
  3: (text) => restFault('no_route', text),
  4: (text) => restFault('method_not_implemented', text),
  5: (text) => restFault('unauthorized', text),
  6: (text) => restFault('data_invalid', text),
  100: (text) => imageFault('store_invalid', text),
  101: (text) => imageFault('resource_not_found', text),
  102: (text) => imageFault('data_invalid', text),
  103: (text) => imageFault('image_not_found', text),
  104: (text) => imageFault('unknown_error', text),
  105: (text) => imageFault('unknown_error', text),
  106: (text) => imageFault('unknown_error', text),
  107: (text) => imageFault('images_unsupported', text),
}

const STANDARD_TEXTS: ReadonlyMap<number, string> = new Map([
  ...Object.values(globalFaults),
  ...Object.values(productMediaFaults),
])

/** Returns REST's own error for a fault of the other dialects. A text other than the standard one is kept. */
export function inRest({ code, message }: Fault): HttpFault {
  const named = NAMED_IN_REST[code]
  return message === STANDARD_TEXTS.get(code) ? named() : named(message)
}

/**
 * Translates a fault of the other dialects, which only a test double throws here, into REST's own; returns
 * anything else unchanged.
 */
export function asNamedInRest(thrown: unknown): unknown {
  return thrown instanceof Fault ? inRest(thrown) : thrown
}
