import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Request, type Response, Router } from 'express'
import type { Operation, OperationName } from '../../api/operations'
import { packageRoot } from '../../packageRoot'
import { bodyFailure, rawBody } from '../http/body'
import { contextOf, logOf } from '../http/observe'
import { escapeAttribute } from '../xml/escape'
import { unreadableRequest } from './faults'
import { handleV1, layerFaultAnswer, type SoapAnswer } from './handle'

/** Every form of the v1 URL (REFERENCE.md §3); `wsdl/1` behind it asks for the WSDL. */
const V1_PATH = /^(?:\/index\.php)?\/api(?:\/soap)?(?:\/index)?(?:\/wsdl\/1)?\/?$/
const WSDL_IN_PATH = /wsdl\/1\/?$/

/** SOAP v1 over HTTP: the WSDL, and calls by any method. */
export function soapV1Route(
  operations: Readonly<Record<OperationName, Operation>>,
  bodyLimit: number,
): Router {
  const wsdl = readFileSync(path.join(packageRoot, 'wsdl', 'v1.wsdl'), 'utf8')
  const router = Router()

  router.get(V1_PATH, (request, response, next) => {
    if (!asksForWsdl(request)) return next()
    response
      .type('text/xml')
      .send(wsdl.replaceAll('{{address}}', escapeAttribute(addressOf(request, response))))
  })

  router.all(V1_PATH, rawBody(bodyLimit), async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    send(response, await handleV1(body, operations, contextOf(response), logOf(response)))
  })

  router.use(
    V1_PATH,
    bodyFailure(bodyLimit, (response, message) => {
      send(response, layerFaultAnswer(unreadableRequest(message), contextOf(response)))
    }),
  )
  return router
}

function asksForWsdl(request: Request): boolean {
  return request.query.wsdl !== undefined || WSDL_IN_PATH.test(request.path)
}

/** The URL that was asked, less what asks for the WSDL. */
function addressOf(request: Request, response: Response): string {
  return contextOf(response).publicUrl + request.path.replace(WSDL_IN_PATH, '')
}

function send(response: Response, { status, contentType, body }: SoapAnswer): void {
  response.statusCode = status
  response.setHeader('content-type', contentType)
  response.end(body)
}
