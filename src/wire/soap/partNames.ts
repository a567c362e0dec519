import type { OperationName } from '../../api/operationNames'
import type { Part } from './binding'
import type { WsdlType } from './types'

/** The operations of which every WSDL names the parts otherwise than after what their values are (REFERENCE.md §1). */
const MISNAMED: Readonly<Partial<Record<OperationName, readonly string[]>>> = {
  resourceFaults: ['resourceName', 'sessionId'],
}

/** The names that the WSDLs give the parts of an operation, in the order of its values. */
export function wsdlPartNames(
  operation: OperationName,
  { parts }: { readonly parts: readonly string[] },
): readonly string[] {
  return MISNAMED[operation] ?? parts
}

/** The parameters that have had several names: what v2 and WS-I call them, and what other versions of Magento did. */
const NAMES: Readonly<
  Record<string, { readonly v2: string; readonly wsi: string; readonly older?: string }>
> = {
  product: { v2: 'product', wsi: 'productId' },
  store: { v2: 'storeView', wsi: 'store' },
  identifierType: { v2: 'identifierType', wsi: 'identifierType', older: 'productIdentifierType' },
}

/** The part that a parameter is in a typed dialect, which takes it by every name that it ever had. */
export function partOf(
  { name, type }: { readonly name: string; readonly type: WsdlType },
  dialect: 'v2' | 'wsi',
): Part {
  const names = NAMES[name]
  if (!names) return { names: [name], type }
  const { v2, wsi, older = v2 } = names
  return { names: [...new Set([names[dialect], v2, wsi, older])], type }
}
