import type { Socket } from 'node:net'
import { Client, type ClientConfig, type QueryResult } from 'pg'
import type { Log } from '../contract/log'

/**
 * One connection that many callers share: their statements go out without waiting for each other's answers, which
 * costs half of what a connection each does (docs/decisions/003-pipelined-reads.md). For single short statements only:
 * a slow one holds up those behind it, and a transaction has no place here. It reconnects when it is next used.
 */
export class SharedConnection {
  #client: Promise<Client> | null = null
  #isGathering = false

  constructor(
    private readonly config: ClientConfig,
    private readonly log: Log,
  ) {}

  async query(statement: {
    readonly name: string
    readonly text: string
    values: unknown[]
  }): Promise<QueryResult> {
    this.#client ??= this.#connect()
    const client = await this.#client
    this.#gather(client)
    return client.query(statement)
  }

  /** Statements of all requests that have come in by now go out in one write: a system call costs as much as a statement. */
  #gather(client: Client): void {
    if (this.#isGathering) return
    this.#isGathering = true
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    setImmediate(() => {
      this.#isGathering = false
      stream.uncork()
    })
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = null
    await (await client)?.end()
  }

  #connect(): Promise<Client> {
    const client = new Client({ ...this.config, pipeline: true })
    const connected = client.connect().then(() => client)
    const forget = () => {
      if (this.#client === connected) this.#client = null
    }
    client.on('error', (err) => {
      forget()
      this.log.error({ err }, 'the shared database connection failed')
    })
    client.on('end', forget)
    connected.catch(forget)
    return connected
  }
}
