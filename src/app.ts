import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { Router } from 'express'
import type { Logger } from 'pino'
import { Directory } from './api/directory'
import { LoginGuard } from './api/loginGuard'
import { operationsOf } from './api/operations'
import { GalleryChanges } from './catalog/galleryChanges'
import { ImageVariants } from './catalog/imageVariants'
import { ProductImages } from './catalog/productImages'
import { ProductMedia } from './catalog/productMedia'
import { productMediaResource } from './catalog/resource'
import type { Resource } from './contract/method'
import type { Accounts } from './contract/session'
import { AdjustableClock } from './double/clock'
import { Double } from './double/double'
import { interceptedOperations, interceptedResource } from './double/intercepted'
import { journalOf } from './journal'
import type { Settings } from './settings'
import type { Storage } from './storage'
import { PostgresAccounts } from './store/accounts'
import type { Database } from './store/database'
import { PostgresGalleries } from './store/galleries'
import { ImageDecoder } from './store/imageDecoder'
import { PostgresLoginFailures } from './store/loginFailures'
import { PostgresMediaFiles } from './store/mediaFiles'
import { PostgresOAuth } from './store/oauth'
import { PostgresSessions } from './store/sessions'
import { SharpProbe } from './store/sharpProbe'
import { SharpRenderer } from './store/sharpRenderer'
import { PostgresStoreViews } from './store/storeViews'
import { PostgresVariants } from './store/variants'
import { WatchedImages } from './store/watchedImages'
import { tokenAccess } from './wire/control/access'
import { clockOperations } from './wire/control/clock'
import { journalOperations } from './wire/control/journal'
import { controlRoute } from './wire/control/route'
import { rpcRoutes } from './wire/endpoints'
import { healthRoute } from './wire/health'
import { mediaRoute } from './wire/media/route'
import { metricsApplication } from './wire/metrics/application'
import { Metrics } from './wire/metrics/metrics'
import { operationNames } from './wire/metrics/operationNames'
import { authenticator } from './wire/oauth/authenticate'
import { oauthRoute } from './wire/oauth/route'
import { restDocsRoute } from './wire/rest/docs'
import { restRoute } from './wire/rest/route'
import { httpApplication, listen, type RunningServer } from './wire/server'

/** A server that answers the API and, on a port of its own, may tell how it fares. */
export interface Serving extends RunningServer {
  /** Null where nothing is measured. */
  readonly metricsPort: number | null
}

/** Puts the rooms together, and serves. This is the only wiring. */
export async function serve(opened: Storage, settings: Settings, log: Logger): Promise<Serving> {
  const { database, secretBox } = opened
  const decoder = decoderOf(settings)
  const metrics = settings.metricsPort === null ? null : metricsOf(database, decoder)
  const images = metrics ? new WatchedImages(opened.images, metrics.stored) : opened.images
  const storage = { ...opened, images }
  const variants = imageVariantsOf(storage, settings, decoder)
  const galleries = new PostgresGalleries(database)
  const catalog = {
    galleries,
    storeViews: new PostgresStoreViews(database),
    changes: new GalleryChanges({
      galleries,
      images,
      imageProbe: new SharpProbe(decoder),
      uniqueMark,
      async onReplaced() {
        try {
          await variants.dropOutdated()
        } catch (err) {
          log.error(
            { err },
            'variants of a replaced image were not dropped: the next replacement tries again',
          )
        }
      },
    }),
  }
  const resource = productMediaResource(new ProductMedia(catalog))
  const double = isDouble(settings) ? doubleOf(database, decoder, resource, settings, log) : null
  const directory = new Directory([double ? interceptedResource(resource, double) : resource])
  const now = double?.clock.now ?? (() => new Date())
  const accounts = accountsOf(database, settings)
  const clock = { now, timestampWindowSeconds: settings.oauthTimestampWindow }
  const oauth = { store: new PostgresOAuth(database, secretBox, clock), ...clock }
  const plainOperations = operationsOf({
    sessions: new PostgresSessions(database, {
      lifetimeSeconds: settings.sessionLifetime,
      now,
    }),
    accounts,
    directory,
    log,
  })
  const operations = double ? interceptedOperations(plainOperations, double) : plainOperations
  const rpc = rpcRoutes(operations, directory, { bodyLimit: settings.bodyLimit, v2Wsdl: settings.v2Wsdl })
  const rest = restRoute({
    images: new ProductImages(catalog),
    authenticate: authenticator(oauth),
    bodyLimit: settings.bodyLimit,
    ...(double && { interceptor: double }),
  })
  const routes = [
    ...rpc.others,
    oauthRoute({ ...oauth, accounts }),
    restDocsRoute(),
    mediaRoute({
      files: new PostgresMediaFiles(database),
      images,
      variants,
      presets: settings.imagePresets ?? new Map(),
    }),
    ...(double ? [controlOf(double, settings)] : []),
    healthRoute({
      database: () => database.query({ name: 'ready', text: 'SELECT 1' }),
      images: () => images.check(),
    }),
  ]
  const application = httpApplication(
    [...rpc.direct, rest],
    routes,
    { publicUrl: settings.baseUrl, trustedProxies: settings.trustedProxies ?? [] },
    log,
    metrics?.requestWatcher(operationNames(operations, directory)),
    double ?? undefined,
  )
  const serving = await listenAll(application, metrics, settings, log)
  if (!double) return serving
  return {
    ...serving,
    async stop() {
      double.close()
      await serving.stop()
    },
  }
}

function isDouble({ double, controlToken }: Settings): boolean {
  return double || controlToken !== null
}

function doubleOf(
  database: Database,
  decoder: ImageDecoder,
  resource: Resource,
  settings: Settings,
  log: Logger,
): Double {
  const clock = new AdjustableClock()
  const parts = { database, decoder, resources: [resource], now: clock.now, ruleName: () => null, log }
  return new Double({ clock, journal: journalOf(parts, settings) })
}

function controlOf(double: Double, { bodyLimit, controlToken }: Settings): Router {
  return controlRoute({
    operations: [...clockOperations(double.clock), ...journalOperations(double.journal)],
    access: tokenAccess(controlToken),
    bodyLimit,
  })
}

function metricsOf(database: Database, decoder: ImageDecoder): Metrics {
  return new Metrics({ pool: () => database.poolLoad(), decoding: () => decoder.load() })
}

/** Opens both ports, or neither. */
async function listenAll(
  application: RequestListener,
  metrics: Metrics | null,
  { host, port, metricsHost, metricsPort }: Settings,
  log: Logger,
): Promise<Serving> {
  const main = await listen(application, port, host)
  if (!metrics || metricsPort === null) return { ...main, metricsPort: null }
  try {
    const second = await listen(metricsApplication(metrics, log), metricsPort, metricsHost)
    log.info({ host: metricsHost, port: second.port }, 'serving /metrics')
    return {
      port: main.port,
      metricsPort: second.port,
      stop: async () => void (await Promise.all([main.stop(), second.stop()])),
    }
  } catch (thrown) {
    await main.stop()
    throw thrown
  }
}

/** Who may log in, and how often. */
export function accountsOf(database: Database, settings: Settings): Accounts {
  return new LoginGuard({
    credentials: new PostgresAccounts(database),
    failures: new PostgresLoginFailures(database),
    limits: {
      failuresPerUser: settings.loginFailuresPerUser,
      failuresPerAddress: settings.loginFailuresPerAddress,
      longestBlockSeconds: settings.loginLongestBlock,
    },
    now: () => new Date(),
  })
}

/** What decodes images, within the bounds of the settings. */
export function decoderOf({ maxPixels, decodeConcurrency }: Settings): ImageDecoder {
  return new ImageDecoder({ maxPixels, concurrency: decodeConcurrency })
}

/** What makes and keeps the variants of the stored images. */
export function imageVariantsOf(
  { database, images }: Storage,
  { decodeConcurrency }: Settings,
  decoder: ImageDecoder,
): ImageVariants {
  return new ImageVariants({
    variants: new PostgresVariants(database),
    images,
    renderer: new SharpRenderer(decoder),
    uniqueMark,
    concurrency: decodeConcurrency,
  })
}

function uniqueMark(): string {
  return randomBytes(8).toString('hex')
}
