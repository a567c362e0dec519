import { connect, createServer } from 'node:net'

/** The longest path of a Unix socket that every system accepts, in bytes. */
const LONGEST_SOCKET_PATH = 103

/**
 * Listens on a Unix socket as long as this process lives. The kernel accepts connections there even when the
 * process is suspended or busy, in any container, and stops when the process ends. Where no socket is
 * possible, there is none.
 *
 * @returns a function that stops listening and removes the socket
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
 * Whether a process on this kernel listens there. A missing answer proves nothing: a process on another
 * machine, or on another mount of the same files, cannot be reached.
 */
export function showsLife(socket: string): Promise<boolean> {
  if (!canBeSocket(socket)) return Promise.resolve(false)
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    // EAGAIN means that the queue of connections is full, so a process is listening.
    connection.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EAGAIN'))
  })
}

function canBeSocket(file: string): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(file) <= LONGEST_SOCKET_PATH
}
