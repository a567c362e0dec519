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
  const dialect = tellingDialect(endpoints)
  router.use(async (request, response, next) => {
    if (!MEANS_THE_API.test(pathOf(request).slice(0, LOOKED_AT))) return next()
    if (request.method === 'POST') return answerWith(dialect, readBody, request, response)
    const { status, contentType, body } = notFound(endpoints, contextOf(response))
    sendAnswer(response, { status, headers: { 'content-type': contentType }, body, encoding: 'utf8' })
  })
  return router
}

function tellingDialect(endpoints: readonly RpcEndpoint[]): Dialect {
  return {
    async handle(body, context) {
      const spoken = protocolOf(body)
      const meant = endpoints.find(({ protocol }) => protocol === spoken)
      if (!meant) return notFound(endpoints, context)
      const told = meant.dialect.refuse(`This URL answers nothing. ${rightUrls(endpoints, context)}`, context)
      return { ...told, status: 404 }
    },
    refuse: (_message, context) => notFound(endpoints, context),
    fail: (_fault, context) => notFound(endpoints, context),
  }
}

function notFound(endpoints: readonly RpcEndpoint[], context: RequestContext) {
  return {
    status: 404,
    contentType: 'text/plain; charset=utf-8',
    body: `Not found. ${rightUrls(endpoints, context)}\n`,
  }
}

function rightUrls(endpoints: readonly RpcEndpoint[], { origin }: RequestContext): string {
  const urls = endpoints.map(({ title, url }) => `${origin.publicUrl}${url} (${title})`)
  return `The API is at ${[...urls, `${origin.publicUrl}/api/rest/ (REST)`].join(', ')}, also below a folder.`
}
