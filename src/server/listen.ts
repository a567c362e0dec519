import type { RequestListener } from 'node:http'
import { type ClientPatience, listen, type RunningServer } from '../http/server'
import { metricsApplication } from '../metrics/application'
import type { Settings } from '../settings/settings'
import type { Foundation } from './foundation'

/** A server that answers the API and, if there are metrics, reports them on a port of its own. */
export interface Listening extends RunningServer {
  /** Null when metrics are off. */
  readonly metricsPort: number | null
}

/** Opens both ports, or neither. */
export async function listenAll(
  application: RequestListener,
  { settings, metrics, log }: Pick<Foundation, 'settings' | 'metrics' | 'log'>,
): Promise<Listening> {
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

function patienceOf({ headersTimeout, bodyTimeout, keepAlive }: Settings): ClientPatience {
  return { headers: headersTimeout, body: bodyTimeout, keepAlive }
}
