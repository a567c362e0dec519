import type { Logger } from 'pino'
import { heapOf, longestTextIn } from '../http/bodyWeight'
import { Capacity } from '../http/capacity'
import { heapForBodies } from '../http/heapRoom'
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
  const heapBytes = heapForBodies()
  warnOfSmallHeap(heapBytes, settings, log)
  const capacity = capacityOf(settings, heapBytes)
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
