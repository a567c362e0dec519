import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { Directory } from './api/directory'
import { operationsOf } from './api/operations'
import { ProductMedia } from './catalog/productMedia'
import { productMediaResource } from './catalog/resource'
import type { Settings } from './settings'
import type { Storage } from './storage'
import { PostgresAccounts } from './store/accounts'
import { PostgresGalleries } from './store/galleries'
import { PostgresMediaFiles } from './store/mediaFiles'
import { PostgresOAuth } from './store/oauth'
import { PostgresSessions } from './store/sessions'
import { SharpProbe } from './store/sharpProbe'
import { PostgresStoreViews } from './store/storeViews'
import { rpcRoutes } from './wire/endpoints'
import { healthRoute } from './wire/health'
import { mediaRoute } from './wire/media'
import { oauthRoute } from './wire/oauth/route'
import { httpApplication, listen, type RunningServer } from './wire/server'

/** Puts the rooms together, and serves. This is the only wiring. */
export async function serve(
  { database, images, secretBox }: Storage,
  settings: Settings,
  log: Logger,
): Promise<RunningServer> {
  const media = new ProductMedia({
    galleries: new PostgresGalleries(database),
    storeViews: new PostgresStoreViews(database),
    images,
    imageProbe: new SharpProbe({ maxPixels: settings.maxPixels, concurrency: settings.decodeConcurrency }),
    uniqueMark: () => randomBytes(8).toString('hex'),
  })
  const directory = new Directory([productMediaResource(media)])
  const now = () => new Date()
  const accounts = new PostgresAccounts(database)
  const clock = { now, timestampWindowSeconds: settings.oauthTimestampWindow }
  const oauth = { store: new PostgresOAuth(database, secretBox, clock), ...clock }
  const operations = operationsOf({
    sessions: new PostgresSessions(database, {
      lifetimeSeconds: settings.sessionLifetime,
      now,
    }),
    accounts,
    directory,
    log,
  })
  const rpc = rpcRoutes(operations, directory, { bodyLimit: settings.bodyLimit, v2Wsdl: settings.v2Wsdl })
  const routes = [
    ...rpc.others,
    oauthRoute({ ...oauth, accounts }),
    mediaRoute(new PostgresMediaFiles(database), images),
    healthRoute({
      database: () => database.query({ name: 'ready', text: 'SELECT 1' }),
      images: () => images.check(),
    }),
  ]
  const application = httpApplication(
    rpc.direct,
    routes,
    { publicUrl: settings.baseUrl, trustedProxies: settings.trustedProxies ?? [] },
    log,
  )
  return listen(application, settings.port, settings.host)
}
