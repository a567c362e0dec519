import type { SourceRow, SourceRows } from '../sourceRows'
import { UnreadableShop } from '../unreadableShop'
import { type Decode, decoderOf, utf8OrLatin1 } from './charset'
import { afterSpace, rowIn } from './sqlValue'
import { NAME, namesIn, tableDefinition, tableName } from './tableDefinition'

/** The longest statement without rows, and the longest row, in bytes. Magento has none that comes near. */
const LONGEST_PART = 64 * 1024 * 1024
/** How many bytes of a statement say what it is, up to its first row. */
const LONGEST_HEAD = 64 * 1024
/** How many bytes show what begins here. */
const LONGEST_WORD = 16
/** How many rows are handed on at once. */
const BATCH = 2000

const INSERT = new RegExp(
  `^(?:INSERT|REPLACE)\\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\\s+)*(?:INTO\\s+)?(${NAME}(?:\\s*\\.\\s*${NAME})?)\\s*(?:\\(([^()]*)\\)\\s*)?VALUES?\\s*(?=\\()`,
  'i',
)
/** A beginning that may still become an INSERT with rows. */
const MAY_BE_INSERT = /^(?:INSERT|REPLACE)\b/i
const KEPT_STATEMENT = /^(?:CREATE\s+(?:TEMPORARY\s+)?TABLE|USE|SET)\b/i
const SET_NAMES = /\bSET\s+NAMES\s+'?(\w+)/i
const USE = new RegExp(`^USE\\s+(${NAME})`, 'i')
const COMPLETED = 'Dump completed'
const PROGRAM = /^-- (?:MySQL|MariaDB) dump/

const SEMICOLON = 0x3b
const LINE_END = 0x0a
const QUOTES: ReadonlySet<number> = new Set([0x27, 0x22, 0x60])
const BACKSLASH = 0x5c
const BACKTICK = 0x60

/** What the parser is in the middle of. `rows` is an INSERT of a wanted table, `skipped` any statement that is passed over. */
type State = 'between' | 'line comment' | 'block comment' | 'other delimiter' | 'skipped' | 'rows'

/**
 * Reads an SQL dump as it comes, in pieces of any size. It knows what `mysqldump`, `mariadb-dump`, phpMyAdmin, SQLyog and
 * Magento's own backup write, and passes over all else.
 */
export class DumpParser {
  /** The names of the tables that the dump has so far. */
  readonly tables = new Set<string>()
  #state: State = 'between'
  /** The bytes that are not read yet. */
  #rest: Buffer = Buffer.alloc(0)
  #quote = 0
  #database = ''
  #decode: Decode = utf8OrLatin1
  #hasEscapes = true
  readonly #columns = new Map<string, readonly string[]>()
  /** The table whose rows are read, and those that are not handed on yet. */
  #into: Omit<SourceRows, 'rows'> = { database: '', table: '', columns: [] }
  #rows: SourceRow[] = []
  #isOfProgram = false
  #isCompleted = false
  #isAtStart = true

  /** @param isWanted tells, by its name, whether the rows of a table are to be read */
  constructor(private readonly isWanted: (table: string) => boolean) {}

  /** Reads a further piece, and yields the rows that are whole now. @throws UnreadableShop */
  *push(piece: Buffer): Generator<SourceRows> {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    yield* this.#read(false)
    if (this.#rest.length > LONGEST_PART)
      throw new UnreadableShop(
        `the dump has a statement of more than ${LONGEST_PART} bytes: it is none of Magento's`,
      )
  }

  /** Reads what is left. @throws UnreadableShop for a dump that breaks off */
  *end(): Generator<SourceRows> {
    yield* this.#read(true)
    yield* this.#handOn()
    const isWhole = ['between', 'line comment', 'other delimiter'].includes(this.#state) && this.#isSpace()
    if (!isWhole || (this.#isOfProgram && !this.#isCompleted))
      throw new UnreadableShop('the dump breaks off before its end')
  }

  #isSpace(): boolean {
    return afterSpace(this.#rest, 0) === this.#rest.length
  }

  *#read(isEnd: boolean): Generator<SourceRows> {
    for (;;) {
      const before = this.#rest.length
      const state = this.#state
      if (state === 'rows') yield* this.#readRows()
      else this.#step(state, isEnd)
      const isStuck = this.#rest.length === before && this.#state === state
      if (isStuck || this.#rest.length === 0) return
    }
  }

  #step(state: Exclude<State, 'rows'>, isEnd: boolean): void {
    if (state === 'line comment') this.#skipLine(isEnd)
    else if (state === 'block comment') this.#skipBlock()
    else if (state === 'skipped') this.#skipStatement(isEnd)
    else if (state === 'other delimiter') this.#skipToDelimiter(isEnd)
    else this.#begin(isEnd)
  }

  /** Finds out what begins here. Nothing is consumed while that cannot be told yet. */
  #begin(isEnd: boolean): void {
    let at = afterSpace(this.#rest, 0)
    while (this.#rest[at] === SEMICOLON) at = afterSpace(this.#rest, at + 1)
    this.#rest = this.#rest.subarray(at)
    if (this.#rest.length < LONGEST_WORD && !isEnd) return
    if (this.#isAtStart) this.#lookAtStart()
    const head = this.#rest.toString('latin1', 0, LONGEST_WORD)
    if (head === '') return
    if (head.startsWith('--') || head.startsWith('#')) this.#state = 'line comment'
    else if (head.startsWith('/*')) this.#beginBlock()
    else if (/^DELIMITER\s/i.test(head)) this.#state = 'other delimiter'
    else if (MAY_BE_INSERT.test(head)) this.#beginInsert(isEnd)
    else if (KEPT_STATEMENT.test(head)) this.#readStatement(isEnd)
    else this.#state = 'skipped'
  }

  #lookAtStart(): void {
    this.#isAtStart = false
    const isUtf16 = ['fffe', 'feff'].includes(this.#rest.toString('hex', 0, 2))
    if (isUtf16)
      throw new UnreadableShop('the dump is in UTF-16, as PowerShell writes it: make it with --result-file')
    if (this.#rest.subarray(0, 512).includes(0))
      throw new UnreadableShop('this is no SQL dump: it has bytes that no text has')
    if (this.#rest.toString('hex', 0, 3) === 'efbbbf') this.#rest = this.#rest.subarray(3)
  }

  #skipLine(isEnd: boolean): void {
    const end = this.#rest.indexOf(LINE_END)
    if (end < 0 && !isEnd) return
    const line = this.#rest.toString('latin1', 0, Math.min(end < 0 ? this.#rest.length : end, 200))
    if (PROGRAM.test(line)) this.#isOfProgram = true
    if (line.includes(COMPLETED)) this.#isCompleted = true
    this.#rest = this.#rest.subarray(end < 0 ? this.#rest.length : end + 1)
    this.#state = 'between'
  }

  /** MySQL runs a comment that begins with an exclamation mark: of what dumps have there, the character set matters. */
  #beginBlock(): void {
    this.#state = 'block comment'
    const end = this.#rest.subarray(0, LONGEST_HEAD).indexOf('*/')
    if (end < 0) return
    const text = this.#rest.toString('latin1', 0, end)
    if (/^\/\*M?!/.test(text)) this.#obey(text)
  }

  #skipBlock(): void {
    const end = this.#rest.indexOf('*/', this.#rest.toString('latin1', 0, 2) === '/*' ? 2 : 0)
    if (end < 0) {
      // The last byte may be the star of its end.
      if (this.#rest.length > 3) this.#rest = this.#rest.subarray(this.#rest.length - 1)
      return
    }
    this.#rest = this.#rest.subarray(end + 2)
    this.#state = 'between'
  }

  /** Passes over procedures and triggers, whose statements do not end the statement around them. */
  #skipToDelimiter(isEnd: boolean): void {
    for (;;) {
      const end = this.#rest.indexOf(LINE_END)
      if (end < 0 && !isEnd) return
      const line = this.#rest.toString('latin1', 0, end < 0 ? this.#rest.length : end).trim()
      this.#rest = this.#rest.subarray(end < 0 ? this.#rest.length : end + 1)
      if (end < 0 || /^DELIMITER\s+;$/i.test(line)) {
        this.#state = 'between'
        return
      }
    }
  }

  /** Passes over the rest of a statement. */
  #skipStatement(isEnd: boolean): void {
    const end = this.#endOfStatement(true)
    if (end === null) {
      const isUnfinished = isEnd && this.#quote === 0 && !this.#isOfProgram
      if (isUnfinished) this.#state = 'between'
      return
    }
    this.#rest = this.#rest.subarray(end + 1)
    this.#state = 'between'
  }

  /**
   * Finds the semicolon that ends the statement; null when it is not there yet.
   *
   * @param isConsumed whether what is read is dropped, and the quote remembered in which it ends
   */
  #endOfStatement(isConsumed: boolean): number | null {
    const bytes = this.#rest
    let quote = isConsumed ? this.#quote : 0
    let at = 0
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (quote !== 0) {
        if (byte === quote) quote = 0
        else if (byte === BACKSLASH && this.#hasEscapes && quote !== BACKTICK) {
          if (at + 1 >= bytes.length) break
          at++
        }
      } else if (byte === SEMICOLON) {
        this.#quote = 0
        return at
      } else if (QUOTES.has(byte)) quote = byte
    }
    if (isConsumed) {
      this.#quote = quote
      this.#rest = bytes.subarray(at)
    }
    return null
  }

  #readStatement(isEnd: boolean): void {
    const end = this.#endOfStatement(false)
    if (end === null && !isEnd) return
    if (end === null) throw new UnreadableShop('the dump breaks off before its end')
    this.#obey(this.#rest.toString('utf8', 0, end))
    this.#rest = this.#rest.subarray(end + 1)
  }

  /** Remembers what a statement says of the rows that follow. */
  #obey(statement: string): void {
    const charset = SET_NAMES.exec(statement)?.[1]
    if (charset !== undefined) this.#setCharset(charset)
    if (/\bSQL_MODE\b[^;]*NO_BACKSLASH_ESCAPES/i.test(statement)) this.#hasEscapes = false
    const used = USE.exec(statement)?.[1]
    if (used !== undefined) this.#database = tableName(used).table
    const definition = tableDefinition(statement)
    if (!definition) return
    const database = definition.database ?? this.#database
    this.tables.add(definition.table)
    this.#columns.set(`${database}.${definition.table}`, definition.columns)
  }

  #setCharset(charset: string): void {
    const decode = decoderOf(charset)
    if (!decode) throw new UnreadableShop(`the dump is in the character set ${charset}: make it in utf8`)
    this.#decode = decode
  }

  #beginInsert(isEnd: boolean): void {
    const found = INSERT.exec(this.#rest.toString('utf8', 0, LONGEST_HEAD))
    if (!found) {
      if (this.#rest.length < LONGEST_HEAD && this.#endOfStatement(false) === null && !isEnd) return
      this.#state = 'skipped'
      return
    }
    const { database: named, table } = tableName(found[1] ?? '')
    const database = named ?? this.#database
    this.tables.add(table)
    const columns = found[2] === undefined ? this.#columns.get(`${database}.${table}`) : namesIn(found[2])
    if (!this.isWanted(table)) {
      this.#state = 'skipped'
      return
    }
    if (!columns)
      throw new UnreadableShop(
        `the dump does not say which columns ${table} has: make it with CREATE TABLE, or with the names in each INSERT`,
      )
    this.#into = { database, table, columns }
    this.#rest = this.#rest.subarray(Buffer.byteLength(found[0]))
    this.#state = 'rows'
  }

  *#readRows(): Generator<SourceRows> {
    const form = { decode: this.#decode, hasEscapes: this.#hasEscapes }
    const bytes = this.#rest
    let at = 0
    for (;;) {
      const start = afterSpace(bytes, at)
      const next = bytes[start]
      if (next === undefined) break
      if (next === 0x2c) {
        at = start + 1
        continue
      }
      if (next !== 0x28) {
        // A semicolon ends the statement; anything else, such as ON DUPLICATE KEY UPDATE, is passed over to there.
        at = start
        yield* this.#handOn()
        this.#state = 'skipped'
        break
      }
      const row = rowIn(bytes, start, form)
      if (row === 'incomplete') break
      if (row === 'malformed' || row.values.length !== this.#into.columns.length)
        throw new UnreadableShop(`the dump has a row of ${this.#into.table} that does not fit its columns`)
      this.#rows.push(row.values)
      at = row.end
      if (this.#rows.length >= BATCH) yield* this.#handOn()
    }
    this.#rest = bytes.subarray(at)
  }

  *#handOn(): Generator<SourceRows> {
    if (this.#rows.length === 0) return
    const rows = this.#rows
    this.#rows = []
    yield { ...this.#into, rows }
  }
}
