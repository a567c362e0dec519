import type { Fault } from '../../contract/fault'
import { encodeValue, response } from './encode'

/**
 * The faults of the XML-RPC layer itself, with the numbers and texts of Zend_XmlRpc. Zend answers 631 for a
 * body that is not XML; here anything that cannot be read is 630 (magento.md §3).
 */
const xmlRpcFaults = {
  unknown_method: [620, 'Method does not exist'],
  wrong_signature: [623, 'Calling parameters do not match signature'],
  unreadable: [630, 'Unable to read request'],
  method_missing: [632, "Invalid request, no method passed; request must contain a 'methodName' tag"],
  value_missing: [633, 'Param must contain a value'],
  invalid_value: [636, 'Error creating xmlrpc value'],
} as const

type XmlRpcFaultName = keyof typeof xmlRpcFaults

/** A fault of the XML-RPC layer itself: the request did not become a call. */
export class XmlRpcLayerFault extends Error {
  override readonly name = 'XmlRpcLayerFault'

  constructor(
    readonly key: XmlRpcFaultName,
    readonly code: (typeof xmlRpcFaults)[XmlRpcFaultName][0],
    message: string,
  ) {
    super(message)
  }
}

/** @param detail a text that replaces the standard one */
export function layerFault(key: XmlRpcFaultName, detail?: string): XmlRpcLayerFault {
  const [code, message] = xmlRpcFaults[key]
  return new XmlRpcLayerFault(key, code, detail ?? message)
}

/** Writes the document of a fault, byte for byte as Magento does. */
export function encodeFault({ code, message }: Fault | XmlRpcLayerFault): string {
  const value = new Map<string, number | string>([
    ['faultCode', code],
    ['faultString', message],
  ])
  return response(`<fault>${encodeValue(value)}</fault>`)
}
