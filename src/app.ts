import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { Directory } from './api/directory'
import { operationsOf } from './api/operations'
import { GalleryChanges } from './catalog/galleryChanges'
import { ProductImages } from './catalog/productImages'
import { ProductMedia } from './catalog/productMedia'
import { productMediaResource } from './catalog/resource'
import { type Authenticate, OAuthProblem } from './contract/oauth'
import type { Settings } from './settings'
import type { Storage } from './storage'
import { PostgresAccounts } from './store/accounts'
import { PostgresGalleries } from './store/galleries'
import { PostgresMediaFiles } from './store/mediaFiles'
import { PostgresSessions } from './store/sessions'
import { SharpProbe } from './store/sharpProbe'
import { PostgresStoreViews } from './store/storeViews'
import { healthRoute } from './wire/health'
import { jsonRpcRoute } from './wire/jsonrpc/route'
import { mediaRoute } from './wire/media'
import { restDocsRoute } from './wire/rest/docs'
import { restRoute } from './wire/rest/route'
import { httpApplication, listen, type RunningServer } from './wire/server'
import { soapV1Route } from './wire/soap/route'
import { xmlRpcRoute } from './wire/xmlrpc/route'

/** Puts the rooms together, and serves. This is the only wiring. */
export async function serve(
  { database, images }: Storage,
  settings: Settings,
  log: Logger,
  authenticate: Authenticate = guestsAlone,
): Promise<RunningServer> {
  const galleries = new PostgresGalleries(database)
  const catalog = {
    galleries,
    storeViews: new PostgresStoreViews(database),
    changes: new GalleryChanges({
      galleries,
      images,
      imageProbe: new SharpProbe({ maxPixels: settings.maxPixels, concurrency: settings.decodeConcurrency }),
      uniqueMark: () => randomBytes(8).toString('hex'),
    }),
  }
  const operations = operationsOf({
    sessions: new PostgresSessions(database, {
      lifetimeSeconds: settings.sessionLifetime,
      now: () => new Date(),
    }),
    accounts: new PostgresAccounts(database),
    directory: new Directory([productMediaResource(new ProductMedia(catalog))]),
    log,
  })
  const routes = [
    restRoute({
      images: new ProductImages(catalog),
      authenticate,
      bodyLimit: settings.bodyLimit,
    }),
    soapV1Route(operations, settings.bodyLimit),
    xmlRpcRoute(operations, settings.bodyLimit),
    jsonRpcRoute(operations, settings.bodyLimit),
    restDocsRoute(),
    mediaRoute(new PostgresMediaFiles(database), images),
    healthRoute({
      database: () => database.query({ name: 'ready', text: 'SELECT 1' }),
      images: () => images.check(),
    }),
  ]
  const application = httpApplication(
    routes,
    { publicUrl: settings.baseUrl, trustedProxies: settings.trustedProxies ?? [] },
    log,
  )
  return listen(application, settings.port, settings.host)
}

/** Everyone without a signature is a guest, and no signature is known. */
const guestsAlone: Authenticate = async ({ authorization }) => {
  if (authorization.some((header) => /^OAuth\b/i.test(header)))
    throw new OAuthProblem(401, 'consumer_key_rejected')
  return 'guest'
}
