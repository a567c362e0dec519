import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Observation } from '../contract/requestNotes'
import type { RequestWatcher } from '../http/observe'

/** Functions that are called each time the metrics are read. */
export interface Loads {
  /** The stored files that no row points to, as they were last counted; null when they were not. */
  readonly unneeded: () => { readonly files: number; readonly bytes: number } | null
  /** Counts the connections of the database pool, and the callers that wait for one. */
  readonly pool: () => { readonly total: number; readonly idle: number; readonly waiting: number }
  /** Counts the images that are being decoded, and those that wait. */
  readonly decoding: () => { readonly running: number; readonly waiting: number }
  /** Counts the requests in work, and the bytes of their bodies in memory. */
  readonly capacity: () => { readonly requests: number; readonly bodyBytes: number }
}

/** The upper bounds of the histogram's buckets in seconds, from a fast read to an upload that had to wait. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const DECODE_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const STORE_BUCKETS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]

/** Metrics for Prometheus. No label holds a client's text, so that clients cannot create more and more time series. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #calls
  readonly #requests
  readonly #logins
  readonly #shed
  readonly #decodeTimes
  readonly #storeTimes
  readonly #storeErrors

  constructor(loads: Loads) {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#calls = new Counter({
      name: 'keepsake_calls_total',
      help: 'Calls answered, those that a multiCall or a batch carried included; fault is none for a success',
      labelNames: ['protocol', 'operation', 'fault'],
      registers,
    })
    this.#requests = new Histogram({
      name: 'keepsake_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer',
      labelNames: ['protocol', 'operation', 'status'],
      buckets: REQUEST_BUCKETS,
      registers,
    })
    this.#logins = new Counter({
      name: 'keepsake_logins_denied_total',
      help: 'Logins answered with Access denied, by the reason that the log tells and the wire does not',
      labelNames: ['reason'],
      registers,
    })
    this.#shed = new Counter({
      name: 'keepsake_shed_total',
      help: 'Requests turned away because too much was under way, by what there was no room for',
      labelNames: ['shortage'],
      registers,
    })
    this.#decodeTimes = new Histogram({
      name: 'keepsake_decode_duration_seconds',
      help: 'Time that an image was decoded for, or made another of; the wait for its turn left out',
      buckets: DECODE_BUCKETS,
      registers,
    })
    this.#storeTimes = new Histogram({
      name: 'keepsake_image_store_duration_seconds',
      help: 'Time that an operation of the image store took',
      labelNames: ['operation'],
      buckets: STORE_BUCKETS,
      registers,
    })
    this.#storeErrors = new Counter({
      name: 'keepsake_image_store_errors_total',
      help: 'Operations of the image store that failed',
      labelNames: ['operation'],
      registers,
    })
    gauge('keepsake_database_pool_connections', 'Open connections of the pool', () => loads.pool().total)
    gauge('keepsake_database_pool_idle', 'Connections of the pool that nobody uses', () => loads.pool().idle)
    gauge('keepsake_database_pool_waiting', 'Callers that wait for a connection', () => loads.pool().waiting)
    gauge('keepsake_requests_under_way', 'Requests that are worked on', () => loads.capacity().requests)
    gauge('keepsake_body_bytes', 'Bytes of bodies that are held', () => loads.capacity().bodyBytes)
    gauge('keepsake_decode_running', 'Images that are being decoded', () => loads.decoding().running)
    gauge('keepsake_decode_waiting', 'Images that wait to be decoded', () => loads.decoding().waiting)

    gauge(
      'keepsake_images_without_row_bytes',
      'Bytes of stored files that no row points to, counted once an hour: what keepsake gc would list',
      () => loads.unneeded()?.bytes ?? Number.NaN,
    )
    gauge(
      'keepsake_images_without_row_files',
      'The number of these files',
      () => loads.unneeded()?.files ?? Number.NaN,
    )

    function gauge(name: string, help: string, value: () => number): void {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value())
        },
      })
    }
  }

  /**
   * Returns a watcher that counts answered requests and the calls that they carried.
   *
   * @param operations all values that the label `operation` may have
   */
  requestWatcher(operations: ReadonlySet<string>): RequestWatcher {
    return ({ notes: { observed, carried } }, status, seconds) => {
      const protocol = observed.protocol ?? 'other'
      const operation = operationLabel(observed, operations)
      this.#requests.observe({ protocol, operation, status }, seconds)
      for (const call of [observed, ...carried]) {
        const { fault = 'none' } = call
        this.#calls.inc({ protocol, operation: operationLabel(call, operations), fault })
      }
      for (const { denied, shed } of carried.length > 0 ? carried : [observed]) {
        if (shed !== undefined) this.#shed.inc({ shortage: shed })
        if (denied !== undefined) this.#logins.inc({ reason: denied })
      }
    }
  }

  /** Counts an image that was decoded. */
  readonly decoded = (seconds: number): void => this.#decodeTimes.observe(seconds)

  /** Counts an operation of the image store. */
  readonly stored = (operation: string, seconds: number, hasFailed: boolean): void => {
    this.#storeTimes.observe({ operation }, seconds)
    if (hasFailed) this.#storeErrors.inc({ operation })
  }

  /** Returns all metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  get contentType(): string {
    return this.#registry.contentType
  }
}

function operationLabel({ operation }: Observation, operations: ReadonlySet<string>): string {
  if (operation === undefined) return 'none'
  if (operations.has(operation)) return operation
  return operation.startsWith('batch of ') ? 'batch' : 'other'
}
