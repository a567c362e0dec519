import type { Operation } from '../../api/operations'
import type { OperationName, PartName } from '../../api/operationTable'
import type { Part } from './binding'
import { string, type WsdlType } from './types'

/** The operations of which every WSDL names the parts otherwise than after what their values are (magento.md §1). */
const MISNAMED: Readonly<Partial<Record<OperationName, Readonly<Partial<Record<PartName, PartName>>>>>> = {
  resourceFaults: { sessionId: 'resourceName', resourceName: 'sessionId' },
}

/** The types that a WSDL gives to the parts of an operation; those that are missing are strings. */
export type PartTypes = Readonly<Partial<Record<PartName, WsdlType>>>

/** The parts of an operation as the WSDLs have them, in the order of its values. */
export function wsdlParts(
  name: OperationName,
  { parts }: Operation,
  types: PartTypes,
): readonly { readonly name: string; readonly type: WsdlType }[] {
  return parts.map((part) => ({ name: MISNAMED[name]?.[part] ?? part, type: types[part] ?? string }))
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
