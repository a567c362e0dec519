import type { Logger } from 'pino'
import { Capacity } from '../http/capacity'
import type { ImageDecoder } from '../images/decoding/imageDecoder'
import { WatchedImages } from '../images/watchedImages'
import { Metrics } from '../metrics/metrics'
import type { Settings } from '../settings/settings'
import type { Storage } from './storage'
import { decoderOf } from './variants'

/** The base of every server's parts. */
export interface Foundation {
  readonly settings: Settings
  readonly log: Logger
  /** The storage. Its images are watched if there are metrics. */
  readonly storage: Storage
  readonly decoder: ImageDecoder
  /** Limits the requests and the bytes of bodies in memory at one time. */
  readonly capacity: Capacity
  /** Null when metrics are off. */
  readonly metrics: Metrics | null
}

/** Opens the base of a server. The caller still has to close the storage. */
export function openFoundation(opened: Storage, settings: Settings, log: Logger): Foundation {
  const decoder = decoderOf(settings)
  const capacity = capacityOf(settings)
  const unmeasured = { settings, log, storage: opened, decoder, capacity, metrics: null }
  if (settings.metricsPort === null) return unmeasured
  const metrics = new Metrics({
    pool: () => opened.database.poolLoad(),
    decoding: () => decoder.load(),
    capacity: () => capacity.load(),
  })
  const storage = { ...opened, images: new WatchedImages(opened.images, metrics.stored) }
  return { ...unmeasured, storage, metrics }
}

/** Returns the limits. There is always room for one body. */
function capacityOf({ maxRequests, bodiesLimit, bodyLimit }: Settings): Capacity {
  return new Capacity({ requests: maxRequests, bodyBytes: Math.max(bodiesLimit, bodyLimit) })
}
