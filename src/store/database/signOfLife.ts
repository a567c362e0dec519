import { connect, createServer } from 'node:net'

/** The longest path that every system takes for a Unix socket, in bytes. */
const LONGEST_SOCKET_PATH = 103

/**
 * Listens on a Unix socket for as long as this process lives: the kernel answers there for a process that is suspended or
 * busy, in whatever container it is, and stops when the process ends. Where no socket can be, there is none.
 *
 * @returns what ends it and removes the socket
 */
export async function showLife(socket: string): Promise<() => Promise<void>> {
  if (!canBeSocket(socket)) return async () => {}
  const server = createServer((connection) => connection.destroy())
  server.unref()
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(socket, () => resolve(true))
  })
  if (!isListening) return async () => {}
  server.on('error', () => undefined)
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/**
 * Whether a process on this kernel listens there. No answer is no proof of anything: on another machine, or on another
 * mount of the same files, nobody hears.
 */
export function showsLife(socket: string): Promise<boolean> {
  if (!canBeSocket(socket)) return Promise.resolve(false)
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    // EAGAIN is a queue of callers that is full, so somebody has one.
    connection.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EAGAIN'))
  })
}

function canBeSocket(file: string): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(file) <= LONGEST_SOCKET_PATH
}
