import { once } from 'node:events'
import { readlink, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { COPY_SOCKET, type CopyAnswer } from '../server/clusterCopies'
import { CommandError } from './commandError'

/** A copy of a running server's embedded database, for as long as that server runs. */
export interface ClusterCopy {
  /** A data directory with the copy in it, and nothing else. */
  readonly directory: string
  /** Deletes the copy. The server is still watched. */
  remove(): Promise<void>
  /** @throws CommandError when the server has ended since */
  confirmServerRuns(): void
  release(): void
}

/** Asks the server of a data directory for a copy; null when none listens. @throws CommandError when it could make none */
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

/** Null when there is no socket, or one that a server has left behind. */
async function connected(file: string): Promise<Socket | null> {
  const socket = connect(await linked(file))
  try {
    await once(socket, 'connect')
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException
    if (['ENOENT', 'ECONNREFUSED'].includes(code)) return null
    throw thrown
  }
  // A server that is killed closes it as well; unheard, its error would end the process.
  socket.on('error', () => undefined)
  return socket
}

/** Where a path is too long for a socket, it is a link to where the socket is. */
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
