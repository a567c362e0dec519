import type { Fault } from '../../contract/fault'
import { encodeValue, response } from './encode'

/**
 * The faults of the XML-RPC layer itself, as Zend_XmlRpc numbers and words them. It answers 631 for what is no XML;
 * here whatever cannot be read is 630 (magento.md §3).
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

/** A fault of the XML-RPC layer itself: the request was not a call that this server could make. */
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

/** @param detail a text in place of the standard one */
export function layerFault(key: XmlRpcFaultName, detail?: string): XmlRpcLayerFault {
  const [code, message] = xmlRpcFaults[key]
  return new XmlRpcLayerFault(key, code, detail ?? message)
}

/** The document of a fault, byte for byte as Magento writes it. */
export function encodeFault({ code, message }: Fault | XmlRpcLayerFault): string {
  const value = new Map<string, number | string>([
    ['faultCode', code],
    ['faultString', message],
  ])
  return response(`<fault>${encodeValue(value)}</fault>`)
}
