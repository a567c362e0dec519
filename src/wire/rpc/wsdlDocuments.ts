import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Request, type Response, Router } from 'express'
import { askedUrlOf } from '../../http/observe'
import { packageRoot } from '../../packageRoot'
import { escapeAttribute } from '../../text/xml/escape'

/** The WSDLs in the folder `wsdl/`, without their extension. */
export type WsdlName = 'v1' | 'v2' | 'wsi'

/** What a server's settings make of the documents in `wsdl/`. */
export interface DocumentContent {
  /** The values by the names that stand in double braces there. */
  readonly fields: Readonly<Record<string, string>>
  /** The sections that are in the documents. */
  readonly sections: readonly string[]
}

/** The end `wsdl/1` of a URL, which asks for its WSDL like `?wsdl` (magento.md §3). */
const WSDL_IN_PATH = /wsdl\/1\/?$/

/**
 * Serves the WSDL of a SOAP URL, and the schema that it imports, so that clients need no other server for it.
 * Each answer is the same, byte for byte, for the same URL.
 */
export function documentRoute(
  url: string,
  wsdlOf: (request: Request) => WsdlName,
  content: DocumentContent,
): Router {
  const router = Router({ caseSensitive: true })
  router.get(url, (request, response, next) => {
    const file = fileOf(request, wsdlOf)
    if (file === null) return next()
    const text = documentText(file, addressOf(response), content)
    response.set({
      'content-type': 'text/xml; charset=utf-8',
      etag: `"${createHash('sha256').update(text).digest('base64url')}"`,
      'cache-control': 'no-cache',
    })
    response.send(text)
  })
  return router
}

/** The schema files by the value of `?xsd=…`. */
const SCHEMA_FILES: ReadonlyMap<unknown, string> = new Map([['soap-encoding', 'soap-encoding.xsd']])

/** Returns the document in `wsdl/` that a request asks for; null for none. */
function fileOf(request: Request, wsdlOf: (request: Request) => WsdlName): string | null {
  const schema = SCHEMA_FILES.get(request.query.xsd)
  if (schema !== undefined) return schema
  return request.query.wsdl !== undefined ? `${wsdlOf(request)}.wsdl` : null
}

/** Returns the URL of the schema that the WSDL of this address imports. */
function schemaUrlOf(address: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}xsd=soap-encoding`
}

/**
 * Returns a document of `wsdl/` for an address, with what stands in double braces there, and of the sections between
 * comments, such as `<!-- md5 -->` and `<!-- /md5 -->`, those that are in it.
 */
export function documentText(file: string, address: string, { fields, sections }: DocumentContent): string {
  const values: Readonly<Record<string, string>> = {
    ...fields,
    address,
    schema: schemaUrlOf(address),
  }
  return template(file)
    .replaceAll(SECTION, (_, name: string, text: string) => (sections.includes(name) ? text : ''))
    .replaceAll(/\{\{(\w+)\}\}/g, (_, field: string) => escapeAttribute(values[field] ?? ''))
}

/** A section, with the whole lines of its comments. */
const SECTION = /[ \t]*<!-- (\w+) -->\n([\s\S]*?)[ \t]*<!-- \/\1 -->\n/g

const templates = new Map<string, string>()

function template(file: string): string {
  const known = templates.get(file)
  if (known !== undefined) return known
  const text = readFileSync(path.join(packageRoot, 'wsdl', file), 'utf8')
  templates.set(file, text)
  return text
}

/** The parameters of a URL that ask for a document, and for which; `soap_v2` and `soap_wsi` are names of `v2_soap` (magento.md §7). */
const OF_DOCUMENT = /^(?:wsdl|wsi|xsd)(?:=|$)/i
const OTHER_TYPE = /^type=soap_(?:v2|wsi)$/

/** Returns the URL that was asked for without what asks for the WSDL. */
function addressOf(response: Response): string {
  const [url = '', query = ''] = askedUrlOf(response).split(/\?(.*)/s)
  const kept = query
    .split('&')
    .filter((pair) => pair !== '' && !OF_DOCUMENT.test(pair))
    .map((pair) => pair.replace(OTHER_TYPE, 'type=v2_soap'))
  return url.replace(WSDL_IN_PATH, '') + (kept.length > 0 ? `?${kept.join('&')}` : '')
}
