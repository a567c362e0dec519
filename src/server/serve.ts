import type { Router } from 'express'
import type { Logger } from 'pino'
import { httpApplication } from '../http/server'
import { operationNames } from '../metrics/operationNames'
import type { Settings } from '../settings/settings'
import { rpcRoutes } from '../wire/endpoints'
import { restDocsRoute } from '../wire/rest/docs'
import { openOperations, RESOURCES } from './api'
import { controlRoutes } from './control'
import { isDouble, openDouble } from './double'
import { type Foundation, openFoundation } from './foundation'
import { type Listening, listenAll } from './listen'
import { openParts, type Parts } from './parts'
import { callReader, healthChecks, oauthFlow, restCalls, storedImages } from './routes'
import type { Storage } from './storage'

export interface Serving extends Listening {
  /** Makes the current rows the state to which resets return; only a test double has this. */
  setResetPoint?(): Promise<void>
}

/** Connects the rooms and serves. Only the files of this folder connect rooms. */
export async function serve(storage: Storage, settings: Settings, log: Logger): Promise<Serving> {
  const foundation = openFoundation(storage, settings, log)
  if (isDouble(settings)) return serveDouble(foundation)
  const parts = openParts(foundation)
  return serveParts(foundation, parts, settings.console ? controlRoutes(foundation, parts) : [])
}

async function serveDouble(foundation: Foundation): Promise<Serving> {
  const { parts, control } = await openDouble(foundation)
  const listening = await serveParts(foundation, parts, controlRoutes(foundation, parts, control.operations))
  return {
    ...listening,
    setResetPoint: control.setResetPoint,
    async stop() {
      await listening.stop()
      await control.close()
    },
  }
}

async function serveParts(
  foundation: Foundation,
  parts: Parts,
  control: readonly Router[],
): Promise<Listening> {
  const { settings, log, metrics } = foundation
  const { baseUrl: publicUrl, trustedProxies, v2Wsdl } = settings
  const operations = openOperations(foundation, parts)
  const rpc = rpcRoutes(operations, RESOURCES, { readBody: callReader(foundation), v2Wsdl })
  const application = httpApplication(
    [...rpc.direct, restCalls(foundation, parts)],
    [
      ...rpc.others,
      oauthFlow(foundation, parts),
      restDocsRoute(),
      storedImages(foundation, parts),
      ...control,
      healthChecks(foundation),
    ],
    { publicUrl, trustedProxies: trustedProxies ?? [] },
    log,
    metrics?.requestWatcher(operationNames(RESOURCES)),
    parts.interception?.exchanges,
  )
  const listening = await listenAll(application, foundation)
  return {
    ...listening,
    async stop() {
      parts.interception?.close()
      await listening.stop()
    },
  }
}
