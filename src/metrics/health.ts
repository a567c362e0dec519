import { Router } from 'express'
import type { Readiness } from './readiness'

/** Serves `/healthz`, which says that the process answers, and `/readyz`, which says whether it can do its work. */
export function healthRoute(readiness: Readiness): Router {
  const router = Router({ caseSensitive: true })
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })
  router.get('/readyz', async (_request, response) => {
    const state = await readiness.state()
    response.status(state.status === 'ok' ? 200 : 503).json(state)
  })
  return router
}
