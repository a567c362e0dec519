import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { Logger } from 'pino'
import { Directory } from '../api/directory'
import { LoginGuard } from '../api/loginGuard'
import { operationsOf } from '../api/operations'
import type { Accounts } from '../api/ports'
import { GalleryChanges } from '../catalog/galleryChanges'
import { ImagesById } from '../catalog/rest/imagesById'
import { ImagesByFile } from '../catalog/rpc/imagesByFile'
import { productMediaResource } from '../catalog/rpc/resource'
import { ImageVariants } from '../catalog/variants/imageVariants'
import { bodyReader } from '../http/body'
import { Capacity } from '../http/capacity'
import { type ClientPatience, httpApplication, listen, type RunningServer } from '../http/server'
import { ImageDecoder } from '../images/decoding/imageDecoder'
import { SharpProbe } from '../images/decoding/sharpProbe'
import { SharpRenderer } from '../images/decoding/sharpRenderer'
import { WatchedImages } from '../images/watchedImages'
import { metricsApplication } from '../metrics/application'
import { healthRoute } from '../metrics/health'
import { Metrics } from '../metrics/metrics'
import { operationNames } from '../metrics/operationNames'
import { authenticator } from '../oauth/authenticate'
import type { Settings } from '../settings/settings'
import { PostgresAccounts } from '../store/access/accounts'
import { PostgresLoginFailures } from '../store/access/loginFailures'
import { PostgresOAuth } from '../store/access/oauth'
import { PostgresSessions } from '../store/access/sessions'
import type { Database } from '../store/database/database'
import { PostgresGalleries } from '../store/galleries/galleries'
import { PostgresMediaFiles } from '../store/galleries/mediaFiles'
import { PostgresVariants } from '../store/galleries/variants'
import { PostgresStoreViews } from '../store/shop/storeViews'
import { rpcRoutes } from '../wire/endpoints'
import { mediaRoute } from '../wire/media/route'
import { LARGEST_OAUTH_BODY, oauthRoute } from '../wire/oauth/route'
import { restDocsRoute } from '../wire/rest/docs'
import { restRoute } from '../wire/rest/route'
import { controlRoutes } from './control'
import { openControl, surroundingsOf } from './double'
import type { Storage } from './storage'

/** A server that answers the API and, on a port of its own, may tell how it fares. */
export interface Serving extends RunningServer {
  /** Null where nothing is measured. */
  readonly metricsPort: number | null
  /** Lets the resets of a test double go back to the rows as they are now; of no effect on any other server. */
  setResetPoint(): Promise<void>
}

/** Puts the rooms together, and serves. The files of this folder are the only wiring. */
export async function serve(opened: Storage, settings: Settings, log: Logger): Promise<Serving> {
  const { database, secretBox } = opened
  const decoder = decoderOf(settings)
  const capacity = capacityOf(settings)
  const metrics = settings.metricsPort === null ? null : metricsOf(database, decoder, capacity)
  const images = metrics ? new WatchedImages(opened.images, metrics.stored) : opened.images
  const storage = { ...opened, images }
  const around = surroundingsOf(settings, { database, decoder, log })
  const { now } = around
  const variants = imageVariantsOf(storage, settings, decoder, now)
  const galleries = around.galleries(new PostgresGalleries(database, now))
  const storeViews = new PostgresStoreViews(database)
  const catalog = {
    galleries,
    storeViews,
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
  const interception = around.interception(productMediaResource(new ImagesByFile(catalog)))
  const { double, interceptor } = interception
  const directory = new Directory([interception.resource])
  const accounts = around.accounts(accountsOf(database, settings, now))
  const clock = { now, timestampWindowSeconds: settings.oauthTimestampWindow }
  const oauth = { store: new PostgresOAuth(database, secretBox, clock), ...clock }
  const operations = interception.operations(
    operationsOf({
      sessions: new PostgresSessions(database, {
        lifetimeSeconds: settings.sessionLifetime,
        now,
        newId: around.newSessionId,
      }),
      accounts,
      directory,
      log,
    }),
  )
  const readBody = bodyReader({ bytes: settings.bodyLimit, seconds: settings.bodyTimeout }, capacity)
  const readForm = bodyReader({ bytes: LARGEST_OAUTH_BODY, seconds: settings.bodyTimeout }, capacity)
  const rpc = rpcRoutes(operations, directory, { readBody, v2Wsdl: settings.v2Wsdl })
  const rest = restRoute(
    {
      images: new ImagesById(catalog),
      authenticate: around.authenticate(authenticator(oauth)),
      ...(interceptor && { interceptor }),
    },
    readBody,
  )
  const control = double
    ? await openControl({
        double,
        storage,
        settings,
        log,
        onRestored: () => storeViews.forget(),
        dropOutdatedVariants: () => variants.dropOutdated(),
      })
    : null
  const routes = [
    ...rpc.others,
    oauthRoute({ ...oauth, accounts }, readForm),
    restDocsRoute(),
    mediaRoute({
      files: new PostgresMediaFiles(database),
      images,
      variants,
      presets: settings.imagePresets ?? new Map(),
      capacity,
    }),
    ...controlRoutes({
      settings,
      storage,
      accounts: accountsOf(database, settings),
      changes: catalog.changes,
      doubleOperations: control?.operations ?? null,
    }),
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
    interception.exchanges,
  )
  const running = await listenAll(application, metrics, settings, log)
  return {
    ...running,
    async setResetPoint() {
      await control?.setResetPoint()
    },
    async stop() {
      interception.close()
      await running.stop()
      await control?.close()
    },
  }
}

function metricsOf(database: Database, decoder: ImageDecoder, capacity: Capacity): Metrics {
  return new Metrics({
    pool: () => database.poolLoad(),
    decoding: () => decoder.load(),
    capacity: () => capacity.load(),
  })
}

/** One body must always find room. */
function capacityOf({ maxRequests, bodiesLimit, bodyLimit }: Settings): Capacity {
  return new Capacity({ requests: maxRequests, bodyBytes: Math.max(bodiesLimit, bodyLimit) })
}

function patienceOf({ headersTimeout, bodyTimeout, keepAlive }: Settings): ClientPatience {
  return { headers: headersTimeout, body: bodyTimeout, keepAlive }
}

/** Opens both ports, or neither. */
async function listenAll(
  application: RequestListener,
  metrics: Metrics | null,
  settings: Settings,
  log: Logger,
): Promise<Omit<Serving, 'setResetPoint'>> {
  const { host, port, metricsHost, metricsPort } = settings
  const patience = patienceOf(settings)
  const main = await listen(application, port, host, patience)
  if (!metrics || metricsPort === null) return { ...main, metricsPort: null }
  try {
    const second = await listen(metricsApplication(metrics, log), metricsPort, metricsHost, patience)
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
export function accountsOf(
  database: Database,
  settings: Settings,
  now: () => Date = () => new Date(),
): Accounts {
  return new LoginGuard({
    credentials: new PostgresAccounts(database),
    failures: new PostgresLoginFailures(database),
    limits: {
      failuresPerUser: settings.loginFailuresPerUser,
      failuresPerAddress: settings.loginFailuresPerAddress,
      longestBlockSeconds: settings.loginLongestBlock,
    },
    now,
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
  now: () => Date = () => new Date(),
): ImageVariants {
  return new ImageVariants({
    variants: new PostgresVariants(database, now),
    images,
    renderer: new SharpRenderer(decoder),
    uniqueMark,
    concurrency: decodeConcurrency,
  })
}

function uniqueMark(): string {
  return randomBytes(8).toString('hex')
}
