import type { RequestListener } from 'node:http'
import { type ClientPatience, listen, type RunningServer } from '../http/server'
import { metricsApplication } from '../metrics/application'
import type { Settings } from '../settings/settings'
import type { Foundation } from './foundation'

/** A server that answers the API and, on ports of their own, may be operated and tell how it fares. */
export interface Listening extends RunningServer {
  /** Where the control API and the console are: a port of their own, or the API's. */
  readonly controlPort: number
  /** Null where nothing is measured. */
  readonly metricsPort: number | null
}

/** What answers at each port. */
export interface Applications {
  readonly api: RequestListener
  /** Null where the control API and the console, if there are any, are on the API's port. */
  readonly control: RequestListener | null
}

/** Opens all ports, or none. */
export async function listenAll(
  { api, control }: Applications,
  { settings, metrics, log }: Pick<Foundation, 'settings' | 'metrics' | 'log'>,
): Promise<Listening> {
  const patience = patienceOf(settings)
  const opened: RunningServer[] = []
  const stop = async () => void (await Promise.all(opened.map((server) => server.stop())))
  const open = async (application: RequestListener, port: number, host: string) => {
    const server = await listen(application, port, host, patience)
    opened.push(server)
    return server.port
  }
  const openBeside = async (
    application: RequestListener | null,
    port: number | null,
    host: string,
    what: string,
  ) => {
    if (application === null || port === null) return null
    const found = await open(application, port, host)
    log.info({ host, port: found }, `serving ${what}`)
    return found
  }
  try {
    const { host, controlHost, metricsHost } = settings
    const port = await open(api, settings.port, host)
    const controlPort = await openBeside(
      control,
      settings.controlPort,
      controlHost,
      'the control API and the console',
    )
    const measured = metrics ? metricsApplication(metrics, log) : null
    const metricsPort = await openBeside(measured, settings.metricsPort, metricsHost, '/metrics')
    return { port, controlPort: controlPort ?? port, metricsPort, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

function patienceOf({ headersTimeout, bodyTimeout, keepAlive }: Settings): ClientPatience {
  return { headers: headersTimeout, body: bodyTimeout, keepAlive }
}
