import { UnreadableText } from '../../text/xml/charset'
import { EntityDeclared, MalformedXml } from '../../text/xml/parser'
import { attribute, childElements, readXml, type XmlDocument, type XmlElement } from '../../text/xml/tree'
import { type SoapLayerFault, soapFault, unreadableRequest } from './faults'
import {
  SOAP_11_ENCODING,
  SOAP_11_ENVELOPE,
  SOAP_12_ENCODING,
  SOAP_12_ENVELOPE,
  type SoapVersion,
} from './namespaces'

/** The call in an envelope. */
export interface SoapRequest {
  readonly version: SoapVersion
  /** The first element of the body; null for an empty body. */
  readonly operation: XmlElement | null
  /** The root of the document, in which the targets of references are found. */
  readonly root: XmlElement
}

/**
 * Reads a request's envelope with PHP's checks, in PHP's order.
 *
 * @throws SoapLayerFault
 */
export async function readEnvelope(bytes: Buffer): Promise<SoapRequest> {
  const { root, hasDoctype } = await readDocument(bytes)
  const version = versionOf(root)
  if (hasDoctype) throw soapFault('Server', 'DTD are not supported by SOAP', version ?? '1.2')
  if (version === null) throw soapFault('VersionMismatch', 'Wrong Version', '1.2')
  checkAttributes(root, version)
  const { header, body } = partsOf(root, version)
  checkBody(body, version)
  const [operation = null] = childElements(body)
  if (operation) checkEncodingStyle(operation, version)
  if (header) checkHeader(header, version)
  return { version, operation, root }
}

async function readDocument(bytes: Buffer): Promise<XmlDocument> {
  try {
    return await readXml(bytes)
  } catch (thrown) {
    throw asUnreadable(thrown)
  }
}

/**
 * Translates a failure into the fault of the layer above PHP's SOAP server, which reads the request first and
 * has texts of its own (recordings `raw/post-*`, `raw/doctype`).
 */
function asUnreadable(thrown: unknown): SoapLayerFault | unknown {
  if (thrown instanceof EntityDeclared) {
    return unreadableRequest('Detected use of ENTITY in XML, disabled to prevent XXE/XEE attacks')
  }
  const isUnreadable = thrown instanceof MalformedXml || thrown instanceof UnreadableText
  return isUnreadable ? unreadableRequest('Invalid XML', { cause: thrown }) : thrown
}

function versionOf(root: XmlElement): SoapVersion | null {
  if (root.name !== 'Envelope') return null
  if (root.namespace === SOAP_11_ENVELOPE) return '1.1'
  return root.namespace === SOAP_12_ENVELOPE ? '1.2' : null
}

function partsOf(
  envelope: XmlElement,
  version: SoapVersion,
): { header: XmlElement | null; body: XmlElement } {
  const [first, ...others] = childElements(envelope)
  const header = first && isPart(first, 'Header', envelope) ? first : null
  const [body, ...behind] = header ? others : first ? [first, ...others] : []
  if (!body || !isPart(body, 'Body', envelope)) {
    throw soapFault('Client', 'Body must be present in a SOAP envelope', version)
  }
  if (behind.length > 0 && version === '1.2') {
    throw soapFault('Client', 'A SOAP 1.2 envelope can contain only Header and Body', version)
  }
  return { header, body }
}

function isPart(element: XmlElement, name: string, envelope: XmlElement): boolean {
  return element.name === name && element.namespace === envelope.namespace
}

function checkBody(body: XmlElement, version: SoapVersion): void {
  if (version === '1.2') checkAttributes(body, version)
}

function checkAttributes(part: XmlElement, version: SoapVersion): void {
  if (part.attributes.some(({ namespace }) => namespace === '')) {
    throw soapFault(
      'Client',
      `A SOAP ${part.name} element cannot have non Namespace qualified attributes`,
      version,
    )
  }
  if (version === '1.2' && attribute(part, 'encodingStyle', SOAP_12_ENVELOPE) !== null) {
    throw soapFault('Client', `encodingStyle cannot be specified on the ${part.name}`, version)
  }
}

function checkEncodingStyle(element: XmlElement, version: SoapVersion): void {
  const [envelope, encoding] =
    version === '1.1' ? [SOAP_11_ENVELOPE, SOAP_11_ENCODING] : [SOAP_12_ENVELOPE, SOAP_12_ENCODING]
  const style = attribute(element, 'encodingStyle', envelope)
  if (style === null || style === encoding) return
  throw soapFault(
    version === '1.1' ? 'Client' : 'DataEncodingUnknown',
    'Unknown Data Encoding Style',
    version,
  )
}

/** Refuses a header that must be understood, because this API knows no headers. */
function checkHeader(header: XmlElement, version: SoapVersion): void {
  checkAttributes(header, version)
  for (const entry of childElements(header)) checkEncodingStyle(entry, version)
  for (const entry of childElements(header)) {
    if (!isForUs(entry, version)) continue
    const mustUnderstand = attribute(entry, 'mustUnderstand', header.namespace)
    if (mustUnderstand === null || mustUnderstand === '0' || mustUnderstand === 'false') continue
    if (mustUnderstand !== '1' && mustUnderstand !== 'true') {
      throw soapFault('Client', 'mustUnderstand value is not boolean', version)
    }
    throw soapFault('MustUnderstand', 'Header not understood', version)
  }
}

const ROLES_OF_OURS: ReadonlySet<string> = new Set([
  'http://schemas.xmlsoap.org/soap/actor/next',
  'http://www.w3.org/2003/05/soap-envelope/role/next',
  'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
])

function isForUs(entry: XmlElement, version: SoapVersion): boolean {
  const role =
    version === '1.1'
      ? attribute(entry, 'actor', SOAP_11_ENVELOPE)
      : attribute(entry, 'role', SOAP_12_ENVELOPE)
  return role === null || ROLES_OF_OURS.has(role)
}
