import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'
import { type ClientConfig, Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg'
import type { ServerLog } from '../../contract/log'
import { Outage, outageOf } from '../../contract/outage'
import { Overloaded } from '../../contract/overloaded'
import { PlainError } from '../../contract/plainError'
import { type Patience, withRetries } from '../../contract/retries'
import { isDatabaseOutage } from './databaseOutage'
import { SharedConnection } from './sharedConnection'

/** SQL with a name: PostgreSQL parses and plans it once for each connection. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Runs statements, on any connection or inside one transaction. */
export interface Queryable {
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<readonly Row[]>
}

export interface DatabaseOptions {
  /** A `postgres://` URL, or the directory of the embedded database's socket and its port. */
  readonly connection:
    | { readonly connectionString: string }
    | { readonly host: string; readonly port: number }
  readonly poolSize: number
  /**
   * Whether all connections are one session, as in the embedded database. Statements of an earlier connection
   * must then be forgotten.
   */
  readonly sharedSession: boolean
  /**
   * Whether a pooler stands before the database that gives each transaction whichever session is free. Then no statement
   * is named, no lock or limit outlasts its transaction, and single statements have only the client's limit.
   */
  readonly isPooled?: boolean
  readonly patience?: DatabasePatience
  /**
   * Returns as long as no other process can have taken the embedded database, and throws when one may have.
   */
  readonly confirmOwnership?: () => Promise<void>
}

/** `query_canceled` */
const STATEMENT_TIMED_OUT = '57014'

/** Time limits of the database, and how many callers may wait for it. */
export interface DatabasePatience {
  /** Seconds for a statement, including its wait for locks, and for a pause within a transaction. */
  readonly statement: number
  /** Seconds for connecting, and for waiting for a connection of the pool. */
  readonly connection: number
  /** How many callers may wait for a connection of the pool. Further ones are refused at once. */
  readonly queue: number
}

const USUAL_PATIENCE: DatabasePatience = { statement: 30, connection: 10, queue: 200 }

/**
 * How long an answer may take after the statement's own limit. After that, the server is unreachable and not
 * just slow.
 */
const ANSWER_MS = 2000
/** A query with a limit of its own in milliseconds, which the driver supports and its types omit. */
type TimedQuery = QueryConfig & { readonly query_timeout: number }

const present: Statement = { name: 'present', text: 'SELECT 1' }

/** A transaction is given up at once, or its connection is lost. */
const rollback: TimedQuery = { text: 'ROLLBACK', query_timeout: 1000 }
/** How long connections may take to be closed. */
const CLOSE_MS = 1000
const KEEP_ALIVE_MS = 10_000
/** The name of this process in the database, unique among all machines and containers. */
const PROCESS_NAME = `keepsake ${process.pid} ${randomBytes(4).toString('hex')}`

/** Failures that concurrent transactions cause: `serialization_failure` and `deadlock_detected`. */
const PASSING_FAILURES: ReadonlySet<unknown> = new Set(['40001', '40P01'])
const ATTEMPTS: Patience = { attempts: 5, firstPause: 20 }

/** Another process held a lock for longer than the caller could wait. */
export class LockNotGiven extends PlainError {
  override readonly name = 'LockNotGiven'
}

/**
 * PostgreSQL, server or embedded: one connection that single statements share, and a pool for transactions.
 */
export class Database implements Queryable {
  readonly #pool: Pool
  /** Null where all connections are one session, in which only the pool may name statements. */
  readonly #shared: SharedConnection | null
  readonly #sockets = new Set<Socket>()
  readonly #longestQueue: number
  readonly #confirmOwnership: () => Promise<void>
  readonly #outage: Outage
  readonly #isPooled: boolean
  readonly #begin: string

  constructor(
    {
      connection,
      poolSize,
      sharedSession,
      isPooled = false,
      patience = USUAL_PATIENCE,
      confirmOwnership = async () => {},
    }: DatabaseOptions,
    log: ServerLog,
  ) {
    this.#outage = new Outage('database', log)
    this.#longestQueue = patience.queue
    this.#confirmOwnership = confirmOwnership
    this.#isPooled = isPooled
    this.#begin = isPooled ? `BEGIN; ${localLimits(patience)}` : 'BEGIN'
    const config: ClientConfig = {
      ...('connectionString' in connection ? connection : { ...connection, user: 'postgres' }),
      connectionTimeoutMillis: patience.connection * 1000,
      ...(!sharedSession && timeLimits(patience, isPooled)),
      application_name: PROCESS_NAME,
      stream: () => this.#socket(),
    }
    this.#pool = new Pool({
      ...config,
      max: poolSize,
      idleTimeoutMillis: sharedSession ? 0 : 30_000,
      ...(sharedSession && { onConnect: async (client) => void (await client.query('DISCARD ALL')) }),
    })
    this.#pool.on('error', (err) => this.#outage.failed(err))
    // The pool listens to idle connections alone. One that is lost in use fails its next statement; unheard, it would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
    this.#shared = sharedSession
      ? null
      : new SharedConnection(
          config,
          () => this.#socket(),
          (err) => this.#outage.failed(err),
        )
  }

  /** Throws what keeps the database from answering; that is for the caller to tell, and no outage. */
  async reach(): Promise<void> {
    await this.#single({ ...present, values: [] })
  }

  async query<Row extends object>(
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const query = { ...statement, values: [...values] }
    try {
      const result = await this.#single(query)
      this.#outage.succeeded()
      return rowsOf<Row>(result)
    } catch (thrown) {
      throw this.#noted(thrown)
    }
  }

  /**
   * Runs `work` in a transaction; an error of `work` rolls it back. When PostgreSQL ends the transaction
   * because of a concurrent one, all of `work` runs again, a few times at most, after pauses of random
   * length. So `work` must change nothing but rows.
   */
  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return withRetries(ATTEMPTS, isPassing, () => this.transactionOnce(work))
  }

  /** Runs `work` in a transaction, only once: for work that cannot be repeated, such as reading a stream. */
  transactionOnce<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#whileOwned(() => this.#committed(work))
  }

  async #committed<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    let broken: Error | undefined
    try {
      await client.query(this.#begin)
      const result = await work(new Transaction(client, this.#isPooled))
      await client.query('COMMIT')
      this.#outage.succeeded()
      return result
    } catch (thrown) {
      broken = await failureOf(client.query(rollback))
      throw this.#noted(thrown)
    } finally {
      client.release(broken)
    }
  }

  /**
   * Runs `work` while this session alone, of all that use the same database, holds the lock with that number.
   *
   * @param longestWaitMs how long to wait for the lock; null waits for as long as a statement may take, which
   * is too short where work takes longer
   * @throws LockNotGiven
   */
  async exclusively<T>(
    lock: number | bigint,
    work: () => Promise<T>,
    longestWaitMs: number | null = null,
  ): Promise<T> {
    if (this.#isPooled) return this.#exclusivelyInTransaction(lock, work, longestWaitMs)
    const client = await this.#connect()
    try {
      if (longestWaitMs === null) await client.query(takeLock(lock))
      else await waitForLock(client, lock, longestWaitMs)
      return await work()
    } finally {
      client.release(await failureOf(client.query('SELECT pg_advisory_unlock($1)', [String(lock)])))
    }
  }

  /** A pooler may give the next statement another session: the lock is that of a transaction, which stays open meanwhile. */
  async #exclusivelyInTransaction<T>(
    lock: number | bigint,
    work: () => Promise<T>,
    longestWaitMs: number | null,
  ): Promise<T> {
    const client = await this.#connect()
    try {
      await client.query(`${this.#begin}; SET LOCAL idle_in_transaction_session_timeout = 0`)
      await takeTransactionLock(client, lock, longestWaitMs)
      return await work()
    } finally {
      client.release(await failureOf(client.query(rollback)))
    }
  }

  /** As {@link exclusively}, but on the embedded database, which no other process has, callers may overlap. */
  async exclusivelyAmongProcesses<T>(
    lock: bigint,
    work: () => Promise<T>,
    longestWaitMs: number | null = null,
  ): Promise<T> {
    // The embedded database has one connection, which would wait for itself.
    return this.#shared ? this.exclusively(lock, work, longestWaitMs) : work()
  }

  /** Returns the number of connections of the pool, and of callers that wait for one. */
  poolLoad(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool
    return { total: totalCount, idle: idleCount, waiting: waitingCount }
  }

  /** Waits for the running work, but not for a database that does not answer. */
  async close(): Promise<void> {
    // This timer does not keep the process alive. An open connection does, and then the timer closes it.
    setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy()
    }, CLOSE_MS).unref()
    await this.#shared?.close()
    await this.#pool.end()
  }

  /**
   * Runs work on the database, and returns its result only if no other process has had the database in the
   * meantime: only then does the next process find what was committed. It also checks before the work, so
   * that a process that was suspended does not write into a database that another one uses now.
   */
  async #whileOwned<T>(work: () => Promise<T>): Promise<T> {
    await this.#confirmOwnership()
    const result = await work()
    await this.#confirmOwnership()
    return result
  }

  #single({ name, ...query }: Statement & { values: unknown[] }): Promise<QueryResult> {
    const asked = this.#isPooled ? query : { name, ...query }
    if (this.#shared) return this.#shared.query(asked)
    return this.#whileOwned(() => this.#pool.query(asked).catch(turnedAway))
  }

  /** @throws Overloaded when others have been waiting for longer than is of use */
  async #connect(): Promise<PoolClient> {
    if (this.#pool.waitingCount >= this.#longestQueue) throw new Overloaded('database')
    try {
      return await this.#pool.connect().catch(turnedAway)
    } catch (thrown) {
      throw this.#noted(thrown)
    }
  }

  /** What was thrown, which may begin an outage or be part of one. */
  #noted(thrown: unknown): unknown {
    if (isDatabaseOutage(thrown) && outageOf(thrown) === null) this.#outage.failed(thrown)
    return thrown
  }

  #socket(): Socket {
    const socket = new Socket()
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }
}

function isPassing(failure: unknown): boolean {
  return PASSING_FAILURES.has((failure as { code?: unknown }).code)
}

/** The server's limits for a session, and the client's own for a server that cannot be heard any more. */
function timeLimits({ statement }: DatabasePatience, isPooled: boolean): ClientConfig {
  const session = {
    statement_timeout: statement * 1000,
    idle_in_transaction_session_timeout: statement * 1000,
  }
  return {
    // A pooler takes no setting of a session.
    ...(!isPooled && session),
    query_timeout: statement * 1000 + ANSWER_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  }
}

/** The same limits for one transaction. */
function localLimits({ statement }: DatabasePatience): string {
  const ms = statement * 1000
  return `SET LOCAL statement_timeout = ${ms}; SET LOCAL idle_in_transaction_session_timeout = ${ms}`
}

/** The pool has no other name for a wait in its queue that took too long. */
const POOL_TIMEOUT = 'timeout exceeded when trying to connect'

function turnedAway(error: Error): never {
  throw error.message === POOL_TIMEOUT ? new Overloaded('database') : error
}

function failureOf(work: Promise<unknown>): Promise<Error | undefined> {
  return work.then(
    () => undefined,
    (error: Error) => error,
  )
}

function takeLock(lock: number | bigint): QueryConfig {
  return { text: 'SELECT pg_advisory_lock($1)', values: [String(lock)] }
}

/**
 * Waits for the lock. The time limit ends with the transaction, but the lock belongs to the session and
 * stays.
 */
async function waitForLock(client: PoolClient, lock: number | bigint, longestWaitMs: number): Promise<void> {
  try {
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${Math.round(longestWaitMs)}`)
    const patiently: TimedQuery = { ...takeLock(lock), query_timeout: longestWaitMs + ANSWER_MS }
    await client.query(patiently)
    await client.query('COMMIT')
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw lockFailure(thrown, longestWaitMs)
  }
}

function lockFailure(thrown: unknown, longestWaitMs: number): unknown {
  if ((thrown as { code?: unknown }).code !== STATEMENT_TIMED_OUT) return thrown
  const seconds = Math.round(longestWaitMs / 1000)
  return new LockNotGiven(`another process has been at work on the database for ${seconds} s`, {
    cause: thrown,
  })
}

async function takeTransactionLock(
  client: PoolClient,
  lock: number | bigint,
  longestWaitMs: number | null,
): Promise<void> {
  const take = { text: 'SELECT pg_advisory_xact_lock($1)', values: [String(lock)] }
  if (longestWaitMs === null) return void (await client.query(take))
  try {
    await client.query(`SET LOCAL statement_timeout = ${Math.round(longestWaitMs)}`)
    const patiently: TimedQuery = { ...take, query_timeout: longestWaitMs + ANSWER_MS }
    await client.query(patiently)
  } catch (thrown) {
    throw lockFailure(thrown, longestWaitMs)
  }
}

class Transaction implements Queryable {
  constructor(
    private readonly client: PoolClient,
    private readonly isPooled: boolean,
  ) {}

  async query<Row extends object>(
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const { name, text } = statement
    const named = this.isPooled ? { text } : { name, text }
    return rowsOf<Row>(await this.client.query({ ...named, values: [...values] }))
  }
}

function rowsOf<Row extends object>(result: { readonly rows: unknown[] }): readonly Row[] {
  return result.rows as Row[]
}

/** Returns the row of a statement that always answers one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement that always answers a row answered none')
  return row
}
