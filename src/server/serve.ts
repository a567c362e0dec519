import type { Router } from 'express'
import type { Logger } from 'pino'
import { shownPath } from '../control/shownPath'
import { httpApplication } from '../http/server'
import { healthRoute } from '../metrics/health'
import { operationNames } from '../metrics/operationNames'
import type { Settings } from '../settings/settings'
import { canonicalTarget } from '../wire/canonicalTarget'
import { rpcRoutes } from '../wire/endpoints'
import { restDocsRoute } from '../wire/rest/docs'
import { openOperations, resourcesOf } from './api'
import { controlRoutes } from './control'
import { isDouble, openDouble } from './double'
import { type Foundation, openFoundation } from './foundation'
import { type Listening, listenAll } from './listen'
import { openParts, type Parts } from './parts'
import { soapProfileOf } from './profiles'
import { callReader, oauthFlow, readinessOf, restCalls, storedImages } from './routes'
import type { Storage } from './storage'

export interface Serving extends Listening {
  /** Lets `/readyz` fail, so that a balancer sends no more requests; all goes on to be answered. */
  announceStop(): void
  /** Only of a test double: lets its resets go back to the rows as they are now. */
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
): Promise<Serving> {
  const { settings, log, metrics } = foundation
  const { baseUrl: publicUrl, v2Wsdl } = settings
  const trustedProxies = settings.trustedProxies ?? []
  const resources = resourcesOf(settings)
  const canonical = (target: string) => canonicalTarget(target, settings.adminPath)
  const watcher = metrics?.requestWatcher(operationNames(resources))
  const media = storedImages(foundation, parts)
  const readiness = readinessOf(foundation)
  const operations = openOperations(foundation, parts)
  const rpc = rpcRoutes(operations, resources, {
    readBody: callReader(foundation),
    v2Wsdl,
    soapProfile: soapProfileOf(settings),
  })
  const isApart = settings.controlPort !== null
  const api = httpApplication(
    [...rpc.direct, restCalls(foundation, parts)],
    [
      ...rpc.others,
      oauthFlow(foundation, parts),
      restDocsRoute(),
      media,
      ...(isApart ? [] : control),
      healthRoute(readiness),
      rpc.unknown,
    ],
    { publicUrl, trustedProxies, canonicalTarget: canonical, shownPath },
    log,
    watcher,
    parts.interception?.exchanges,
  )
  // The configured URL is the API's. The console shows images, which its page may load from its own address alone.
  const apart = isApart
    ? httpApplication(
        [],
        [...control, media],
        { publicUrl: null, trustedProxies, canonicalTarget: canonical, shownPath },
        log,
        watcher,
      )
    : null
  const listening = await listenAll({ api, control: apart }, foundation)
  return {
    ...listening,
    announceStop: () => readiness.announceStop(),
    async stop() {
      readiness.announceStop()
      parts.interception?.close()
      await listening.stop()
      foundation.decoder.close()
    },
  }
}
