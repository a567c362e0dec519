import { type FaultTable, faultsOf } from '../../contract/fault'

/** The faults of the JSON-RPC layer itself (JSON-RPC 2.0, section 5.1). Each says more behind its standard text. */
const jsonRpcFaults = {
  parse_error: [-32700, 'Parse error'],
  invalid_request: [-32600, 'Invalid Request'],
  method_not_found: [-32601, 'Method not found'],
  invalid_params: [-32602, 'Invalid params'],
} as const satisfies FaultTable

const fault = faultsOf(jsonRpcFaults)

/** @param detail what is wrong, in words that follow the standard text */
export function layerFault(key: keyof typeof jsonRpcFaults, detail: string) {
  return fault(key, `${jsonRpcFaults[key][1]}: ${detail}`)
}
