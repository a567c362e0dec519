import type { Logger } from 'pino'
import { bytesWithoutRow } from '../catalog/upkeep/unneededFiles'
import { Outage } from '../contract/outage'
import { heapOf, longestTextIn } from '../http/bodyWeight'
import { Capacity } from '../http/capacity'
import { heapForBodies } from '../http/heapRoom'
import type { ImageDecoder } from '../images/decoding/imageDecoder'
import { isImagesOutage } from '../images/imagesOutage'
import { type ImageStoreWatcher, WatchedImages } from '../images/watchedImages'
import { Census } from '../metrics/census'
import { Metrics } from '../metrics/metrics'
import type { Settings } from '../settings/settings'
import { PostgresStoredRows } from '../store/galleries/storedRows'
import type { Storage } from './storage'
import { decoderOf } from './variants'

/** The base of every server's parts. */
export interface Foundation {
  readonly settings: Settings
  readonly log: Logger
  /** Its images are watched: their outages are told, and where something is measured, they are. */
  readonly storage: Storage
  readonly decoder: ImageDecoder
  /** Limits the requests and the bytes of bodies in memory at one time. */
  readonly capacity: Capacity
  /** Null when metrics are off. */
  readonly metrics: Metrics | null
}

/** Opens the base of a server. The caller still has to close the storage. */
export function openFoundation(opened: Storage, settings: Settings, log: Logger): Foundation {
  const heapBytes = heapForBodies()
  warnOfSmallHeap(heapBytes, settings, log)
  const decoder: ImageDecoder = decoderOf(settings, (seconds) => metrics?.decoded(seconds))
  const capacity = capacityOf(settings, heapBytes)
  const metrics = settings.metricsPort === null ? null : metricsOf(opened, decoder, capacity)
  const images = new WatchedImages(opened.images, imagesWatcher(metrics, new Outage('image store', log)))
  return { settings, log, storage: { ...opened, images }, decoder, capacity, metrics }
}

function metricsOf({ database, images }: Storage, decoder: ImageDecoder, capacity: Capacity): Metrics {
  const census = new Census(async () => bytesWithoutRow(images, new PostgresStoredRows(database)))
  return new Metrics({
    unneeded: () => census.latest(),
    pool: () => database.poolLoad(),
    decoding: () => decoder.load(),
    capacity: () => capacity.load(),
  })
}

/** A store that still shows its images may be full: only a write ends an outage. */
function imagesWatcher(metrics: Metrics | null, outage: Outage): ImageStoreWatcher {
  return (operation, seconds, failure) => {
    metrics?.stored(operation, seconds, failure !== null)
    if (isImagesOutage(failure)) outage.failed(failure)
    else if (failure === null && (operation === 'write' || operation === 'check')) outage.succeeded()
  }
}

/** One body must always find room, but for a heap that has not so much. */
function capacityOf({ maxRequests, bodiesLimit, bodyLimit }: Settings, heapBytes: number): Capacity {
  return new Capacity({
    requests: maxRequests,
    bodyBytes: Math.max(bodiesLimit, bodyLimit),
    heapBytes: Math.min(heapBytes, Math.max(heapOf(bodyLimit), 2 * bodiesLimit)),
  })
}

function warnOfSmallHeap(heapBytes: number, { bodyLimit }: Settings, log: Logger): void {
  const largestBody = longestTextIn(heapBytes)
  if (largestBody >= bodyLimit) return
  log.warn(
    { largestBody },
    'the heap is too small for bodies of KEEPSAKE_BODY_LIMIT; NODE_OPTIONS=--max-old-space-size=1024 gives it 1 GB',
  )
}
