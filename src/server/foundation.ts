import type { Logger } from 'pino'
import { Capacity } from '../http/capacity'
import type { ImageDecoder } from '../images/decoding/imageDecoder'
import { WatchedImages } from '../images/watchedImages'
import { Metrics } from '../metrics/metrics'
import type { Settings } from '../settings/settings'
import type { Storage } from './storage'
import { decoderOf } from './variants'

/** What the parts of every server stand on. */
export interface Foundation {
  readonly settings: Settings
  readonly log: Logger
  /** Its images are watched where something is measured. */
  readonly storage: Storage
  readonly decoder: ImageDecoder
  /** Bounds the requests and the bytes of bodies that are held at once. */
  readonly capacity: Capacity
  /** Null where nothing is measured. */
  readonly metrics: Metrics | null
}

/** Opens what a server stands on. The storage stays the caller's to close. */
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

/** One body must always find room. */
function capacityOf({ maxRequests, bodiesLimit, bodyLimit }: Settings): Capacity {
  return new Capacity({ requests: maxRequests, bodyBytes: Math.max(bodiesLimit, bodyLimit) })
}
