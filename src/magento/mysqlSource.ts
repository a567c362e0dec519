import { type Connection, createConnection, type FieldPacket, type TypeCastField } from 'mysql2'
import type { ShopSource, SourceRow, SourceRows } from './sourceRows'
import { UnreadableShop } from './unreadableShop'

const BATCH = 2000
const CONNECT_MS = 20_000

const LIST_TABLES = 'SELECT table_name FROM information_schema.tables WHERE table_schema = database()'
const ISOLATE = 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ'
const BEGIN = 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY'
/** A server that does not know READ ONLY begins a transaction that may write, and writes nothing. */
const BEGIN_ON_OLD_SERVERS = 'START TRANSACTION WITH CONSISTENT SNAPSHOT'
const SYNTAX_ERROR = 'ER_PARSE_ERROR'

/** Reads a shop from a running MySQL or MariaDB: only reading, and all as of one moment. */
export class MysqlSource implements ShopSource {
  readonly tables = new Set<string>()

  /**
   * @param url as `mysql://user:password@host/database`
   * @param isWanted tells, by its name, whether the rows of a table are to be read
   */
  constructor(
    private readonly url: string,
    private readonly isWanted: (table: string) => boolean,
  ) {}

  async *rows(): AsyncGenerator<SourceRows> {
    const connection = connectionTo(this.url)
    try {
      await begin(connection)
      for (const [name] of await all(connection, LIST_TABLES)) this.tables.add(name ?? '')
      for (const table of [...this.tables].filter(this.isWanted)) yield* rowsOf(connection, table)
    } catch (thrown) {
      throw thrown instanceof UnreadableShop ? thrown : asUnreadable(thrown)
    } finally {
      connection.destroy()
    }
  }
}

/** Does not repeat the address, for it may have a password. */
function asUnreadable(thrown: unknown): unknown {
  const { code, message } = thrown as { code?: unknown; message?: unknown }
  if (typeof code !== 'string') return thrown
  return new UnreadableShop(`the database cannot be read: ${String(message) || code}`, { cause: thrown })
}

function connectionTo(url: string): Connection {
  let address: URL
  try {
    address = new URL(url)
  } catch {
    throw new UnreadableShop(
      'the address of the database is no URL such as mysql://user:password@host/database',
    )
  }
  const database = decodeURIComponent(address.pathname.slice(1))
  if (database === '')
    throw new UnreadableShop('the address names no database: mysql://user:password@host/database')
  const connection = createConnection({
    host: address.hostname,
    port: Number(address.port || 3306),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password) || (process.env.MYSQL_PWD ?? ''),
    database,
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    // Every value is read as the text that MySQL sends.
    typeCast: (field: TypeCastField) => field.string(),
  })
  // A lost connection fails its query; unheard, it would end the process.
  connection.on('error', () => undefined)
  return connection
}

async function begin(connection: Connection): Promise<void> {
  await all(connection, ISOLATE)
  await all(connection, BEGIN).catch((thrown: { code?: unknown }) => {
    if (thrown.code !== SYNTAX_ERROR) throw thrown
    return all(connection, BEGIN_ON_OLD_SERVERS)
  })
}

function all(connection: Connection, sql: string): Promise<readonly SourceRow[]> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, rowsAsArray: true }, (error, rows) => {
      if (error) reject(error)
      else resolve(Array.isArray(rows) ? (rows as unknown as SourceRow[]) : [])
    })
  })
}

async function* rowsOf(connection: Connection, table: string): AsyncGenerator<SourceRows> {
  const query = connection.query({
    sql: `SELECT * FROM \`${table.replaceAll('`', '``')}\``,
    rowsAsArray: true,
  })
  let columns: readonly string[] = []
  query.on('fields', (fields: readonly FieldPacket[]) => {
    columns = fields.map(({ name }) => name)
  })
  let rows: SourceRow[] = []
  for await (const row of query.stream({ highWaterMark: BATCH })) {
    rows.push(row)
    if (rows.length < BATCH) continue
    yield { database: '', table, columns, rows }
    rows = []
  }
  if (rows.length > 0) yield { database: '', table, columns, rows }
}
