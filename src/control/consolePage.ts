import path from 'node:path'
import express, { Router } from 'express'
import { packageRoot } from '../packageRoot'

/** The folder into which `npm run build` writes the console's page. */
export const CONSOLE = path.join(packageRoot, 'dist', 'console')

const CONSOLE_PATH = '/console'

/**
 * The policy of the page: scripts, styles and data come from this server alone; no frame around it, and no form is
 * sent.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ')

/** Serves the console's page to everybody. It contains no data: it gets them from the control API. */
export function consoleRoute(): Router {
  const router = Router()
  router.get(/^\/console$/, (_request, response) => {
    // Relative, because the Host of a request may be anybody's, and the path before it a proxy's.
    response.redirect(`.${CONSOLE_PATH}/`)
  })
  router.use(
    CONSOLE_PATH,
    express.static(CONSOLE, {
      redirect: false,
      setHeaders(response) {
        response.setHeader('content-security-policy', POLICY)
        response.setHeader('x-content-type-options', 'nosniff')
        response.setHeader('x-frame-options', 'DENY')
        response.setHeader('referrer-policy', 'no-referrer')
        response.setHeader('cross-origin-opener-policy', 'same-origin')
        response.setHeader('cache-control', 'no-cache')
      },
    }),
  )
  return router
}
