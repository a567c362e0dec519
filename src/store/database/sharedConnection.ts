import type { Socket } from 'node:net'
import { Client, type ClientConfig, type QueryResult } from 'pg'

/**
 * One connection that many callers share: their statements go out without waiting for each other's answers, which
 * costs half of what a connection each does (docs/decisions/003-pipelined-reads.md). For single short statements only:
 * a slow one holds up those behind it, and a transaction has no place here. It reconnects when it is next used.
 */
export class SharedConnection {
  #client: Promise<Connected> | null = null

  constructor(
    private readonly config: ClientConfig,
    private readonly newSocket: () => Socket,
    private readonly onFailure: (err: Error) => void,
  ) {}

  async query(statement: {
    readonly name?: string
    readonly text: string
    values: unknown[]
  }): Promise<QueryResult> {
    this.#client ??= this.#connect()
    const { client, socket } = await this.#client
    sendTogether(socket)
    return client.query(statement)
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = null
    await (await client)?.client.end()
  }

  #connect(): Promise<Connected> {
    const socket = this.newSocket()
    const client = new Client({ ...this.config, pipeline: true, stream: () => socket })
    const connected = client.connect().then(() => ({ client, socket }))
    const forget = () => {
      if (this.#client === connected) this.#client = null
    }
    client.on('error', (err) => {
      forget()
      this.onFailure(err)
    })
    client.on('end', forget)
    connected.catch(forget)
    return connected
  }
}

interface Connected {
  readonly client: Client
  readonly socket: Socket
}

/** What is written in one turn of the event loop leaves in one system call, which costs more than most statements. */
function sendTogether(socket: Socket): void {
  if (socket.writableCorked > 0) return
  socket.cork()
  setImmediate(() => socket.uncork())
}
