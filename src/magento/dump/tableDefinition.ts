/** How a name is written: in backticks, in double quotes, or bare. */
export const NAME = '(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\\w$]+)'

/** What begins a part of a definition that is no column. */
const NO_COLUMN =
  /^(?:PRIMARY\s+KEY|KEY|UNIQUE|CONSTRAINT|INDEX|FULLTEXT|SPATIAL|FOREIGN\s+KEY|CHECK|PERIOD)\b/i

const CREATE_TABLE = new RegExp(
  `^CREATE\\s+(?:TEMPORARY\\s+)?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${NAME}(?:\\s*\\.\\s*${NAME})?)\\s*\\(`,
  'i',
)

export interface TableName {
  /** Null for a name without one. */
  readonly database: string | null
  readonly table: string
}

export interface TableDefinition extends TableName {
  /** The names of its columns in their order. */
  readonly columns: readonly string[]
}

/** Reads a name such as `shop`.`core_store`. */
export function tableName(text: string): TableName {
  const parts = text.match(new RegExp(NAME, 'g')) ?? []
  const [first = '', second] = parts.map(bareName)
  return second === undefined ? { database: null, table: first } : { database: first, table: second }
}

/** Reads a list of names, such as `a`, `b`. */
export function namesIn(list: string): readonly string[] {
  return (list.match(new RegExp(NAME, 'g')) ?? []).map(bareName)
}

/** Reads a CREATE TABLE statement; null for any other, and for one that copies another table. */
export function tableDefinition(statement: string): TableDefinition | null {
  const found = CREATE_TABLE.exec(statement)
  if (!found) return null
  const columns = partsOf(statement.slice(found[0].length))
    .filter((part) => !NO_COLUMN.test(part))
    .flatMap((part) => new RegExp(`^${NAME}`).exec(part)?.[0] ?? [])
    .map(bareName)
  return { ...tableName(found[1] ?? ''), columns }
}

function bareName(name: string): string {
  const [first] = name
  if (first !== '`' && first !== '"') return name
  return name.slice(1, -1).replaceAll(first + first, first)
}

/** Splits the inside of a definition at its commas, but for those in parentheses and quotes. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quote !== '') {
      if (character === '\\' && quote !== '`') at++
      else if (character === quote) quote = ''
      continue
    }
    if (character === "'" || character === '"' || character === '`') quote = character
    else if (character === '(') depth++
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim())
      start = at + 1
    } else if (character === ')' && depth-- === 0) {
      parts.push(text.slice(start, at).trim())
      break
    }
  }
  return parts
}
