import { Router } from 'express'
import type { RequestContext } from '../../contract/request'
import { sendAnswer } from '../../http/answer'
import type { BodyReader } from '../../http/body'
import { contextOf, pathOf } from '../../http/observe'
import { answerWith, type Dialect } from './dialect'
import type { RpcEndpoint } from './endpoint'
import { protocolOf } from './protocol'

/** How much of a path is looked at. */
const LOOKED_AT = 1024

/** A part of a path by which a client shows that it means the API. */
const MEANS_THE_API = /\/(?:api|soap|v2_soap|soap_v2|wsi|xmlrpc|jsonrpc)(?:[/.]|$)/i

/**
 * Answers requests that mean the API and have another URL: with the right ones, by a fault of the protocol that the body is
 * of, or else as a text.
 */
export function unknownUrlRoute(endpoints: readonly RpcEndpoint[], readBody: BodyReader): Router {
  const router = Router({ caseSensitive: true })
  router.use(async (request, response, next) => {
    if (!MEANS_THE_API.test(pathOf(request).slice(0, LOOKED_AT))) return next()
    if (request.method === 'POST') return answerWith(tellingDialect(endpoints), readBody, request, response)
    sendAnswer(response, {
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `Not found. ${rightUrls(endpoints, contextOf(response))}\n`,
      encoding: 'utf8',
    })
  })
  return router
}

function tellingDialect(endpoints: readonly RpcEndpoint[]): Dialect {
  const plain = (context: RequestContext) => ({
    status: 404,
    contentType: 'text/plain; charset=utf-8',
    body: `Not found. ${rightUrls(endpoints, context)}\n`,
  })
  return {
    async handle(body, context) {
      const spoken = protocolOf(body)
      const meant = endpoints.find(({ protocol }) => protocol === spoken)
      if (!meant) return plain(context)
      const told = meant.dialect.refuse(`This URL answers nothing. ${rightUrls(endpoints, context)}`, context)
      return { ...told, status: 404 }
    },
    refuse: (_message, context) => plain(context),
    fail: (_fault, context) => plain(context),
  }
}

function rightUrls(endpoints: readonly RpcEndpoint[], { origin }: RequestContext): string {
  const urls = endpoints.map(({ title, url }) => `${origin.publicUrl}${url} (${title})`)
  return `The API is at ${[...urls, `${origin.publicUrl}/api/rest/ (REST)`].join(', ')}, also below a folder.`
}
