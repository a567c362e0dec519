/** The faults of the JSON-RPC layer itself (JSON-RPC 2.0, section 5.1). Details follow the standard text. */
const jsonRpcFaults = {
  parse_error: [-32700, 'Parse error'],
  invalid_request: [-32600, 'Invalid Request'],
  method_not_found: [-32601, 'Method not found'],
  invalid_params: [-32602, 'Invalid params'],
} as const

type JsonRpcFaultName = keyof typeof jsonRpcFaults

/** A fault of the JSON-RPC layer itself: the request did not become a call. */
export class JsonRpcLayerFault extends Error {
  override readonly name = 'JsonRpcLayerFault'

  constructor(
    readonly key: JsonRpcFaultName,
    readonly code: (typeof jsonRpcFaults)[JsonRpcFaultName][0],
    message: string,
  ) {
    super(message)
  }
}

/** @param detail a description of the mistake, which follows the standard text */
export function layerFault(key: JsonRpcFaultName, detail: string): JsonRpcLayerFault {
  const [code, message] = jsonRpcFaults[key]
  return new JsonRpcLayerFault(key, code, `${message}: ${detail}`)
}
