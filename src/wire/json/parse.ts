import type { Value, ValueMap } from '../../contract/value'

/** The text is no JSON, or more than a client of this API would send. */
export class UnreadableJson extends Error {
  override readonly name = 'UnreadableJson'
}

const DEEPEST = 256

/** As many as an XML document may have: as objects they take many times their size in the document. */
const MOST_VALUES = 250_000

/**
 * Reads a JSON text (RFC 8259); of members with one name the last counts. `JSON.parse` would lose the order of members
 * whose names look like integers, and has no limits: a body of brackets alone would fill the memory.
 *
 * @throws UnreadableJson also for one nested deeper than 256 levels, or of more than 250,000 values
 */
export function parseJson(text: string): Value {
  return new JsonReader(text).readDocument()
}

/** Reads a JSON text in UTF-8 (RFC 8259, section 8.1). @throws UnreadableJson */
export function parseJsonBytes(bytes: Buffer): Value {
  return parseJson(decoded(bytes))
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UnreadableJson('not readable as UTF-8', { cause })
  }
}

class JsonReader {
  #at = 0
  #values = 0
  #depth = 0

  constructor(private readonly text: string) {}

  readDocument(): Value {
    const value = this.#value()
    this.#skipBlank()
    if (this.#at < this.text.length) throw this.#malformed()
    return value
  }

  #value(): Value {
    this.#values++
    if (this.#values > MOST_VALUES) throw new UnreadableJson(`more than ${MOST_VALUES} values`)
    this.#skipBlank()
    const first = this.text[this.#at]
    if (first === '"') return this.#string()
    return first === '{' || first === '[' ? this.#collection(first) : this.#literal()
  }

  #collection(bracket: '{' | '['): Value {
    this.#depth++
    if (this.#depth > DEEPEST) throw new UnreadableJson(`nested deeper than ${DEEPEST} levels`)
    this.#at++
    const value = bracket === '{' ? this.#members() : this.#items()
    this.#depth--
    return value
  }

  #members(): ValueMap {
    const members = new Map<string, Value>()
    if (this.#takes('}')) return members
    do {
      this.#skipBlank()
      const name = this.#string()
      this.#expect(':')
      members.set(name, this.#value())
    } while (this.#takes(','))
    this.#expect('}')
    return members
  }

  #items(): readonly Value[] {
    const items: Value[] = []
    if (this.#takes(']')) return items
    do items.push(this.#value())
    while (this.#takes(','))
    this.#expect(']')
    return items
  }

  #string(): string {
    if (this.text[this.#at] !== '"') throw this.#malformed()
    let end = this.#at
    do end = this.text.indexOf('"', end + 1)
    while (end > 0 && this.#isEscaped(end))
    if (end < 0) throw this.#malformed()
    return this.#parsed(end + 1) as string
  }

  #isEscaped(quote: number): boolean {
    let start = quote
    while (this.text[start - 1] === '\\') start--
    return (quote - start) % 2 === 1
  }

  #literal(): Value {
    LITERAL.lastIndex = this.#at
    if (!LITERAL.test(this.text)) throw this.#malformed()
    return this.#parsed(LITERAL.lastIndex) as Value
  }

  /** What stands between here and there, which has no structure: `JSON.parse` knows best how to read it. */
  #parsed(end: number): unknown {
    try {
      const value: unknown = JSON.parse(this.text.slice(this.#at, end))
      this.#at = end
      return value
    } catch {
      throw this.#malformed()
    }
  }

  #takes(character: string): boolean {
    this.#skipBlank()
    if (this.text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #expect(character: string): void {
    if (!this.#takes(character)) throw this.#malformed()
  }

  #skipBlank(): void {
    BLANK.lastIndex = this.#at
    BLANK.test(this.text)
    this.#at = BLANK.lastIndex
  }

  #malformed(): UnreadableJson {
    return new UnreadableJson(`not JSON at character ${this.#at + 1}`)
  }
}

const BLANK = /[ \t\n\r]*/y
const LITERAL = /[-+.\w]+/y
