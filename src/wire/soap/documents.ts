import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Request, type Response, Router } from 'express'
import { packageRoot } from '../../packageRoot'
import { contextOf } from '../http/observe'
import { escapeAttribute } from '../xml/escape'

/** The documents in the folder `wsdl/`, without their ending. */
export type WsdlName = 'v1' | 'v2' | 'wsi'

/** `wsdl/1` behind a URL asks for its WSDL, as `?wsdl` does (REFERENCE.md §3). */
const WSDL_IN_PATH = /wsdl\/1\/?$/

/** Serves the WSDL of a SOAP URL. It says the same, byte for byte, for as long as the URL that is asked is the same. */
export function documentRoute(url: RegExp, nameOf: (request: Request) => WsdlName): Router {
  const router = Router()
  router.get(url, (request, response, next) => {
    if (!asksForWsdl(request)) return next()
    const address = escapeAttribute(addressOf(request, response))
    const text = template(nameOf(request)).replaceAll('{{address}}', address)
    response.set({
      'content-type': 'text/xml; charset=utf-8',
      etag: `"${createHash('sha256').update(text).digest('base64url')}"`,
      'cache-control': 'no-cache',
    })
    response.send(text)
  })
  return router
}

const templates = new Map<WsdlName, string>()

function template(name: WsdlName): string {
  const known = templates.get(name)
  if (known !== undefined) return known
  const text = readFileSync(path.join(packageRoot, 'wsdl', `${name}.wsdl`), 'utf8')
  templates.set(name, text)
  return text
}

function asksForWsdl(request: Request): boolean {
  return request.query.wsdl !== undefined || WSDL_IN_PATH.test(request.path)
}

/** The URL that was asked, less what asks for the WSDL. */
function addressOf(request: Request, response: Response): string {
  return contextOf(response).publicUrl + request.path.replace(WSDL_IN_PATH, '')
}
