import type { Operation } from '../../api/operations'
import type { OperationName, PartName } from '../../api/operationTable'
import type { Part } from './binding'
import type { SoapProfile } from './soapProfile'
import { string, type WsdlType } from './types'

/**
 * Operations whose parts have wrong names in every WSDL (magento.md §1): the name of each part, by what its
 * value is.
 */
const MISNAMED: Readonly<Partial<Record<OperationName, Readonly<Partial<Record<PartName, PartName>>>>>> = {
  resourceFaults: { sessionId: 'resourceName', resourceName: 'sessionId' },
}

/** The types of an operation's parts in a WSDL; those that are missing are strings. */
export type PartTypes = Readonly<Partial<Record<PartName, WsdlType>>>

/** Returns the parts of an operation as in the WSDLs, in the order of its values. */
export function wsdlParts(
  name: OperationName,
  { parts }: Operation,
  types: PartTypes,
): readonly { readonly name: string; readonly type: WsdlType }[] {
  return parts.map((part) => ({ name: MISNAMED[name]?.[part] ?? part, type: types[part] ?? string }))
}

/** Parameters with several names: those in v2 and in WS-I, and those in other versions of Magento. */
const NAMES: Readonly<
  Record<
    string,
    { readonly v2: string; readonly wsi: string; readonly older?: string; readonly isStrict?: true }
  >
> = {
  product: { v2: 'product', wsi: 'productId', isStrict: true },
  store: { v2: 'storeView', wsi: 'store' },
  identifierType: { v2: 'identifierType', wsi: 'identifierType', older: 'productIdentifierType' },
}

/**
 * Returns the part for a parameter in a typed dialect. The part accepts every name that the parameter ever had, except that a
 * required one of WS-I has one name alone (magento.md §6.8).
 *
 * @param identifierType the WSDL's name of that part, which comes first
 */
export function partOf(
  { name, type }: { readonly name: string; readonly type: WsdlType },
  dialect: 'v2' | 'wsi',
  identifierType: SoapProfile['identifierType'] = 'identifierType',
): Part {
  const names = NAMES[name]
  if (!names) return { names: [name], type }
  const { v2, wsi, older = v2, isStrict = false } = names
  const isOnlyName = isStrict && dialect === 'wsi'
  const first = name === 'identifierType' ? identifierType : names[dialect]
  return { names: isOnlyName ? [wsi] : [...new Set([first, v2, wsi, older])], type }
}
