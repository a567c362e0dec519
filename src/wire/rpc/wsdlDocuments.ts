import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Request, type Response, Router } from 'express'
import { contextOf } from '../../http/observe'
import { packageRoot } from '../../packageRoot'
import { escapeAttribute } from '../../text/xml/escape'

/** The WSDLs in the folder `wsdl/`, without their extension. */
export type WsdlName = 'v1' | 'v2' | 'wsi'

/** The end `wsdl/1` of a URL, which asks for its WSDL like `?wsdl` (magento.md §3). */
const WSDL_IN_PATH = /wsdl\/1\/?$/

/**
 * Serves the WSDL of a SOAP URL, and the schema that it imports, so that clients need no other server for it.
 * Each answer is the same, byte for byte, for the same URL.
 */
export function documentRoute(url: RegExp, wsdlOf: (request: Request) => WsdlName): Router {
  const router = Router({ caseSensitive: true })
  router.get(url, (request, response, next) => {
    const file = fileOf(request, wsdlOf)
    if (file === null) return next()
    const text = template(file).replaceAll('{{address}}', escapeAttribute(addressOf(request, response)))
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
  const asksForWsdl = request.query.wsdl !== undefined || WSDL_IN_PATH.test(request.path)
  return asksForWsdl ? `${wsdlOf(request)}.wsdl` : null
}

const templates = new Map<string, string>()

function template(file: string): string {
  const known = templates.get(file)
  if (known !== undefined) return known
  const text = readFileSync(path.join(packageRoot, 'wsdl', file), 'utf8')
  templates.set(file, text)
  return text
}

/** Returns the URL of the request without the part that asks for the WSDL. */
function addressOf(request: Request, response: Response): string {
  return contextOf(response).origin.publicUrl + request.path.replace(WSDL_IN_PATH, '')
}
