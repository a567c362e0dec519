import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy that can keep everything to itself for a while, as a network does that drops packets. */
export interface StallingProxy {
  readonly port: number
  /** From now on nothing passes; connections are taken all the same. */
  stall(): void
  /** Passes everything that came meanwhile, and what is to come. */
  goOn(): void
  /** Connections that are open now. */
  open(): number
  stop(): Promise<void>
}

export async function stallingProxy(targetPort: number): Promise<StallingProxy> {
  let isStalled = false
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((client) => {
    const target = connect({ host: '127.0.0.1', port: targetPort })
    const pair = [client, target] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [target, client]] as const) {
      from.on('data', (bytes) => to.write(bytes))
      from.on('end', () => to.end())
      // The other end hears of it as of a connection that breaks.
      from.on('error', () => to.destroy())
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
      if (isStalled) from.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = () => [...pairs].flat()
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      isStalled = true
      for (const socket of sockets()) socket.pause()
    },
    goOn() {
      isStalled = false
      for (const socket of sockets()) socket.resume()
    },
    open: () => pairs.size,
    async stop() {
      for (const socket of sockets()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
