import { escapeText } from '../../text/xml/escape'
import { SOAP_11_ENVELOPE, SOAP_12_ENVELOPE, type SoapVersion } from './namespaces'

/** The cause of a request that never became a call, in SOAP 1.1's words. */
type Blame = 'Client' | 'Server' | 'VersionMismatch' | 'MustUnderstand' | 'DataEncodingUnknown'

const SOAP_12_CODES: Readonly<Record<Blame, string>> = {
  Client: 'env:Sender',
  Server: 'env:Receiver',
  VersionMismatch: 'env:VersionMismatch',
  MustUnderstand: 'env:MustUnderstand',
  DataEncodingUnknown: 'env:DataEncodingUnknown',
}

/** A fault of the SOAP layer itself: the request did not become a call (magento.md §3). */
export class SoapLayerFault extends Error {
  override readonly name = 'SoapLayerFault'

  constructor(
    /** The code as the answer has it, with its prefix. */
    readonly code: string,
    message: string,
    readonly version: SoapVersion,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Makes a fault of PHP's SOAP layer, with the code of this SOAP version. */
export function soapFault(blame: Blame, message: string, version: SoapVersion): SoapLayerFault {
  return new SoapLayerFault(version === '1.1' ? `SOAP-ENV:${blame}` : SOAP_12_CODES[blame], message, version)
}

/** Makes PHP's fault for a value that does not fit its type. */
export function encodingFault(detail: string, version: SoapVersion): SoapLayerFault {
  return soapFault('Server', `SOAP-ERROR: Encoding: ${detail}`, version)
}

/**
 * Makes a fault of the layer above PHP's, which reads the request before its version is known (recording
 * `raw/post-not-xml`).
 */
export function unreadableRequest(message: string, options?: ErrorOptions): SoapLayerFault {
  return new SoapLayerFault('Sender', message, '1.1', options)
}

/** Writes the envelope of a fault, byte for byte as PHP does. */
export function encodeFault(code: string, message: string, version: SoapVersion): string {
  const [codeText, messageText] = [escapeText(code), escapeText(message)]
  if (version === '1.2') {
    return `<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="${SOAP_12_ENVELOPE}"><env:Body><env:Fault><env:Code><env:Value>${codeText}</env:Value></env:Code><env:Reason><env:Text>${messageText}</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>
`
  }
  return `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP_11_ENVELOPE}"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>${codeText}</faultcode><faultstring>${messageText}</faultstring></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>
`
}
