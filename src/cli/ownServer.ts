import { serve } from '../server/serve'
import { serverUrls } from '../serverUrls'
import type { Settings } from '../settings/settings'
import { createLogger } from './logger'
import { withStorage } from './withStorage'

const LOOPBACK = '127.0.0.1'

/** Serves this shop to this process alone, while `work` asks it. */
export async function withOwnServer<T>(settings: Settings, work: (wsdl: string) => Promise<T>): Promise<T> {
  const alone: Settings = {
    ...settings,
    host: LOOPBACK,
    port: 0,
    baseUrl: null,
    console: false,
    double: false,
    controlPort: null,
    controlToken: null,
    metricsPort: null,
    logLevel: 'warn',
  }
  return withStorage(settings, async (storage) => {
    const server = await serve(storage, alone, createLogger(alone))
    try {
      return await work(serverUrls(`http://${LOOPBACK}:${server.port}`).wsdl)
    } finally {
      await server.stop()
    }
  })
}
