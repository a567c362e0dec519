import { encodeJson } from '../../../src/text/json/write'
import { parseXml } from '../../../src/text/xml/tree'
import { requestIn } from '../../../src/wire/xmlrpc/decode'
import { readScenarios } from '../../golden/player'
import type { DialectName } from './dialects'

/** The bodies of the recordings, each once. The calls of XML-RPC are those of JSON-RPC, of which there are no recordings. */
export const CORPUS: Readonly<Record<DialectName, readonly Buffer[]>> = {
  'SOAP v1': bodies('v1.json', 'raw.json', 'lite.json'),
  'SOAP v2': bodies('v2.json'),
  'WS-I': bodies('wsi.json'),
  'XML-RPC': bodies('xmlrpc.json'),
  'JSON-RPC': bodies('xmlrpc.json').flatMap(asJsonRpc),
}

function bodies(...recordings: readonly string[]): readonly Buffer[] {
  const steps = recordings.flatMap(readScenarios).flatMap(({ steps }) => steps)
  const texts = new Set(steps.map(({ request }) => String(request.body ?? '')))
  return [...texts].map((text) => Buffer.from(text))
}

/** Nothing for a recording of a call that cannot be read. */
function asJsonRpc(body: Buffer): readonly Buffer[] {
  try {
    const { method, values } = requestIn(parseXml(String(body)))
    const call = `{"jsonrpc":"2.0","method":${encodeJson(method)},"params":${encodeJson(values)},"id":1}`
    return [Buffer.from(call), Buffer.from(`[${call},${call.replace(',"id":1', '')}]`)]
  } catch {
    return []
  }
}
