import { setTimeout as pause } from 'node:timers/promises'
import { Router } from 'express'
import { logOf } from '../http/observe'

/** How long a check may take. After that, whoever asks for the health has stopped waiting. */
const LONGEST_CHECK_MS = 3000

/** Serves `/healthz`, which says that the process answers, and `/readyz`, which says that all checks pass. */
export function healthRoute(checks: Readonly<Record<string, () => Promise<unknown>>>): Router {
  const router = Router({ caseSensitive: true })
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })
  router.get('/readyz', async (_request, response) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await inTime(check())
          return [name, 'ok'] as const
        } catch (err) {
          logOf(response).error({ err, check: name }, 'not ready')
          return [name, 'failed'] as const
        }
      }),
    )
    const isReady = results.every(([, result]) => result === 'ok')
    response
      .status(isReady ? 200 : 503)
      .json({ status: isReady ? 'ok' : 'failed', ...Object.fromEntries(results) })
  })
  return router
}

async function inTime(check: Promise<unknown>): Promise<void> {
  const patience = new AbortController()
  const late = pause(LONGEST_CHECK_MS, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`no answer within ${LONGEST_CHECK_MS} ms`)
  })
  try {
    await Promise.race([check, late])
  } finally {
    patience.abort()
    late.catch(() => undefined)
  }
}
