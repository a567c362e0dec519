import type { XmlElement } from 'libxml2-wasm' with { 'resolution-mode': 'import' }
import { SOAP_11_ENVELOPE, SOAP_12_ENVELOPE } from '../../../src/wire/soap/namespaces'

/** What a request asks for; null for what is no request, and undefined for what this reader cannot tell. */
type Asked = string | null | undefined

/** How somebody else reads a request. */
export interface SecondReading {
  /** The name of the first element of a SOAP request's body. */
  soapElement(input: Buffer): Asked
  /** The method of an XML-RPC request. */
  xmlRpcMethod(input: Buffer): Asked
  /** The JSON value; undefined for what is no JSON. */
  json(input: Buffer): unknown
}

/** Reads XML with libxml2, as PHP does, and JSON with the engine's own reader. */
export async function secondReading(): Promise<SecondReading> {
  const { ParseOption, XmlDocument, XmlElement: LibxmlElement, XmlParseError } = await import('libxml2-wasm')

  const OPTIONS = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_SKIP_IDS

  function reading<T>(input: Buffer, read: (root: XmlElement) => T): T | null | undefined {
    try {
      const document = XmlDocument.fromBuffer(input, { option: OPTIONS })
      try {
        return read(document.root)
      } finally {
        document.dispose()
      }
    } catch (thrown) {
      if (!(thrown instanceof XmlParseError)) throw thrown
      return thrown.details.some(({ level }) => level === FATAL) ? null : undefined
    }
  }

  function children(element: XmlElement): readonly XmlElement[] {
    const found: XmlElement[] = []
    for (let node = element.firstChild; node !== null; node = node.next) {
      if (node instanceof LibxmlElement) found.push(node)
    }
    return found
  }

  return {
    soapElement: (input) =>
      reading(input, (root) => {
        const isEnvelope = root.name === 'Envelope' && ENVELOPES.has(root.namespaceUri)
        const body = children(root).find(
          ({ name, namespaceUri }) => name === 'Body' && namespaceUri === root.namespaceUri,
        )
        return isEnvelope && body ? (children(body)[0]?.name ?? null) : null
      }),
    xmlRpcMethod: (input) =>
      reading(input, (root) => children(root).find(({ name }) => name === 'methodName')?.content ?? null),
    json(input) {
      try {
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(input))
      } catch {
        return undefined
      }
    },
  }
}

/**
 * Of lesser errors, such as the name of a namespace that is no URI, libxml2 tells and reads on, and PHP takes what it
 * read; but this binding then hands out nothing.
 */
const FATAL = 3

const ENVELOPES: ReadonlySet<string> = new Set([SOAP_11_ENVELOPE, SOAP_12_ENVELOPE])
