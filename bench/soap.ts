const NAMESPACES = [
  'xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"',
  'xmlns:ns1="urn:Magento"',
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"',
  'xmlns:ns2="http://xml.apache.org/xml-soap"',
].join(' ')

/** Returns a request as PHP's SoapClient writes it. */
export function envelope(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope ${NAMESPACES}><SOAP-ENV:Body>${content}</SOAP-ENV:Body></SOAP-ENV:Envelope>\n`
}

export function loginRequest(username: string, apiKey: string): string {
  return envelope(`<ns1:login>${text('username', username)}${text('apiKey', apiKey)}</ns1:login>`)
}

export function callRequest(sessionId: string, resourcePath: string, args: readonly string[]): string {
  const list = `<args SOAP-ENC:arrayType="xsd:ur-type[${args.length}]" xsi:type="SOAP-ENC:Array">${args.join('')}</args>`
  return envelope(
    `<ns1:call>${text('sessionId', sessionId)}${text('resourcePath', resourcePath)}${list}</ns1:call>`,
  )
}

export function text(name: string, value: string): string {
  return `<${name} xsi:type="xsd:string">${value}</${name}>`
}

export function map(name: string, entries: Readonly<Record<string, string>>): string {
  const items = Object.entries(entries).map(([key, value]) => `<item>${text('key', key)}${value}</item>`)
  return `<${name} xsi:type="ns2:Map">${items.join('')}</${name}>`
}

export async function post(url: string, body: string): Promise<string> {
  const response = await fetch(`${url}/api/soap/`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body,
  })
  return response.text()
}

/** Returns the text of the answer's only value. */
export function returned(answer: string): string {
  const value = /Return xsi:type="xsd:string">([^<]*)</.exec(answer)?.[1]
  if (value === undefined) throw new Error(`not the answer of a call: ${answer}`)
  return value
}
