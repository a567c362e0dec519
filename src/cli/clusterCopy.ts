import { once } from 'node:events'
import { readlink, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { COPY_SOCKET, type CopyAnswer } from '../server/clusterCopies'
import { CommandError } from './commandError'

/** A copy of a running server's embedded database, which lasts as long as that server runs. */
export interface ClusterCopy {
  /** A data directory that contains only the copy. */
  readonly directory: string
  /** Deletes the copy. `confirmServerRuns` still works. */
  remove(): Promise<void>
  /** @throws CommandError when the server has ended since */
  confirmServerRuns(): void
  release(): void
}

/**
 * Requests a copy from the server of a data directory; null when no server listens.
 *
 * @throws CommandError when the server could not make one
 */
export async function requestClusterCopy(dataDirectory: string): Promise<ClusterCopy | null> {
  const socket = await connected(path.join(dataDirectory, COPY_SOCKET))
  if (!socket) return null
  let isGone = false
  socket.once('close', () => {
    isGone = true
  })
  const answer = await answerOf(socket)
  if ('failure' in answer) throw new CommandError(answer.failure)
  const directory = path.join(dataDirectory, path.basename(answer.copy))
  return {
    directory,
    remove: () => rm(directory, { recursive: true, force: true }),
    confirmServerRuns() {
      if (isGone) throw serverEnded()
    },
    release: () => void socket.destroy(),
  }
}

/** Returns the connection; null when there is no socket, or only one that an ended server has left. */
async function connected(file: string): Promise<Socket | null> {
  const socket = connect(await linked(file))
  try {
    await once(socket, 'connect')
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException
    if (['ENOENT', 'ECONNREFUSED'].includes(code)) return null
    throw thrown
  }
  // A killed server also closes the connection. Without this listener, the error would end the process.
  socket.on('error', () => undefined)
  return socket
}

/** Returns the path of the socket. Where a path is too long for a socket, it is a link to the real one. */
async function linked(file: string): Promise<string> {
  return readlink(file).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'EINVAL') return file
    throw thrown
  })
}

async function answerOf(socket: Socket): Promise<CopyAnswer> {
  const lines = createInterface({ input: socket })
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [null])])) as [
    string | null,
  ]
  if (line === null) throw serverEnded()
  return JSON.parse(line)
}

function serverEnded(): CommandError {
  return new CommandError('the server ended while it was backed up: the backup is not finished, run it again')
}
