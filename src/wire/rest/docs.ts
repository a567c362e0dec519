import path from 'node:path'
import express, { Router } from 'express'
import { contextOf } from '../../http/observe'
import { packageRoot } from '../../packageRoot'
import { openApiDocument } from './openapi'

/** The directory in which `npm run build` puts the page that shows the OpenAPI document. */
export const REST_DOCS = path.join(packageRoot, 'dist', 'rest-docs')

const DOCUMENT_PATH = /^(?:\/index\.php)?\/api\/rest\/openapi\.json$/
const PAGE_PATHS = ['/api/rest/docs', '/index.php/api/rest/docs']

/** The content policy: the page loads only from this server, and no other page may frame it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Serves the OpenAPI document of REST, and a page that shows it, to any client. */
export function restDocsRoute(): Router {
  const router = Router({ caseSensitive: true })

  router.get(DOCUMENT_PATH, (_request, response) => {
    response.json(openApiDocument(contextOf(response).origin.publicUrl))
  })

  router.use(
    PAGE_PATHS,
    express.static(REST_DOCS, {
      setHeaders(response) {
        response.setHeader('content-security-policy', POLICY)
        response.setHeader('x-content-type-options', 'nosniff')
        response.setHeader('referrer-policy', 'no-referrer')
      },
    }),
  )
  return router
}
