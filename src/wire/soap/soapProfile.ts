import type { ImageHash } from '../../catalog/gallery'
import type { DocumentContent } from '../rpc/wsdlDocuments'
import { boolean, int, type ScalarType } from './types'

/** What differs in SOAP between the versions of Magento that this server can answer as (docs/reference/profiles.md). */
export interface SoapProfile {
  /** The namespace of the WSDLs and of all answers. */
  readonly namespace: string
  /** The name of the WSDLs, with which the name of their service begins. */
  readonly name: string
  /** What an update or removal of an image answers in v2. */
  readonly changed: ScalarType
  /** The name that v2's WSDL has for the part which says whether a product is named by its id or its SKU. */
  readonly identifierType: 'identifierType' | 'productIdentifierType'
  /** The hashes of its bytes that an image has as fields; no Magento had any. */
  readonly imageHashes: readonly ImageHash[]
}

export const MAGENTO_1_9: SoapProfile = {
  namespace: 'urn:Magento',
  name: 'Magento',
  changed: boolean,
  identifierType: 'identifierType',
  imageHashes: [],
}

export const MAGENTO_1_5: SoapProfile = {
  ...MAGENTO_1_9,
  changed: int,
  identifierType: 'productIdentifierType',
}

export const OPENMAGE_20: SoapProfile = { ...MAGENTO_1_9, namespace: 'urn:OpenMage', name: 'OpenMage' }

/** Returns what the profile makes of the documents in `wsdl/`, with the operations of extensions or without them. */
export function wsdlContent(
  { namespace, name, changed, identifierType, imageHashes }: SoapProfile,
  hasExtensions = false,
): DocumentContent {
  return {
    fields: { namespace, name, changed: changed.name, identifierType },
    sections: [...imageHashes, ...(hasExtensions ? ['extensions'] : [])],
  }
}
