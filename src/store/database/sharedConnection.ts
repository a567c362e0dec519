import type { Socket } from 'node:net'
import { Client, type ClientConfig, type QueryResult } from 'pg'

/**
 * One connection that many callers share. Their statements are sent without waiting for each other's answers,
 * which costs half as much as a connection for each (docs/decisions/003-pipelined-reads.md). It is only for
 * short single statements: a slow one delays those after it, and transactions are not possible. After a
 * failure it reconnects at the next use.
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

/**
 * Sends everything that is written in one turn of the event loop by one system call, which costs more than
 * most statements.
 */
function sendTogether(socket: Socket): void {
  if (socket.writableCorked > 0) return
  socket.cork()
  setImmediate(() => socket.uncork())
}
