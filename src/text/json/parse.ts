import { atOnce, inTurns, type Steps } from '../../contract/turns'
import { floatValue, numberValue, type Value } from '../../contract/value'
import { SLICE, utf8Slices } from '../utf8'

/** The text is not JSON, or the document is larger than a client of this API would send. */
export class UnreadableJson extends Error {
  override readonly name = 'UnreadableJson'
}

const DEEPEST = 256

/** The same limit as for an XML document: values as objects take many times their size in the document. */
const MOST_VALUES = 250_000

/** How many values are read in one step. */
const VALUES_IN_A_STEP = 1000

/**
 * Reads a JSON text (RFC 8259), at once. Of members with the same name the last counts. `JSON.parse` would
 * lose the order of members whose names look like integers, and has no limits: a body that consists of
 * brackets would fill the memory.
 *
 * @throws UnreadableJson also for a text that is nested deeper than 256 levels, or has more than 250,000
 * values
 */
export function parseJson(text: string): Value {
  return atOnce(new JsonReader(text).document())
}

/** Reads a JSON text in UTF-8 (RFC 8259, section 8.1), in turns, as {@link parseJson} does. @throws UnreadableJson */
export function readJson(bytes: Buffer): Promise<Value> {
  return inTurns(documentIn(bytes))
}

function* documentIn(bytes: Buffer): Steps<Value> {
  const text = yield* decoded(bytes)
  return yield* new JsonReader(text).document()
}

function* decoded(bytes: Buffer): Steps<string> {
  let text = ''
  try {
    for (const slice of utf8Slices(bytes)) {
      text += slice
      yield
    }
  } catch (cause) {
    throw new UnreadableJson('not readable as UTF-8', { cause })
  }
  return text
}

/** A list or a map that has not ended yet. */
type Unfinished =
  | { readonly end: ']'; readonly value: Value[] }
  | { readonly end: '}'; readonly value: Map<string, Value>; name: string }

class JsonReader {
  #at = 0
  #values = 0
  readonly #open: Unfinished[] = []

  constructor(private readonly text: string) {}

  *document(): Steps<Value> {
    for (;;) {
      let value = yield* this.#value()
      while (value !== undefined) {
        const around = this.#open.at(-1)
        if (around === undefined) return yield* this.#ended(value)
        value = yield* this.#added(value, around)
      }
    }
  }

  /** Reads a value. Answers undefined when a list or map has begun, whose first value comes next. */
  *#value(): Steps<Value | undefined> {
    this.#values++
    if (this.#values > MOST_VALUES) throw new UnreadableJson(`more than ${MOST_VALUES} values`)
    if (this.#values % VALUES_IN_A_STEP === 0) yield
    yield* this.#skipBlank()
    const first = this.text[this.#at]
    if (first === '"') return yield* this.#string()
    if (first === '[') return yield* this.#begun({ end: ']', value: [] })
    if (first === '{') return yield* this.#begun({ end: '}', value: new Map(), name: '' })
    return this.#literal()
  }

  *#begun(collection: Unfinished): Steps<Value | undefined> {
    if (this.#open.length >= DEEPEST) throw new UnreadableJson(`nested deeper than ${DEEPEST} levels`)
    this.#at++
    if (yield* this.#takes(collection.end)) return collection.value
    if (collection.end === '}') collection.name = yield* this.#name()
    this.#open.push(collection)
    return undefined
  }

  /**
   * Adds a value to the list or map around it. Answers that list or map if it has ended now, else undefined.
   */
  *#added(value: Value, around: Unfinished): Steps<Value | undefined> {
    if (around.end === ']') around.value.push(value)
    else around.value.set(around.name, value)
    if (yield* this.#takes(',')) {
      if (around.end === '}') around.name = yield* this.#name()
      return undefined
    }
    if (!(yield* this.#takes(around.end))) throw this.#malformed()
    this.#open.pop()
    return around.value
  }

  *#ended(value: Value): Steps<Value> {
    yield* this.#skipBlank()
    if (this.#at < this.text.length) throw this.#malformed()
    return value
  }

  *#name(): Steps<string> {
    yield* this.#skipBlank()
    const name = yield* this.#string()
    if (!(yield* this.#takes(':'))) throw this.#malformed()
    return name
  }

  /**
   * Reads a string piece by piece; no piece ends within an escape. A string without escapes is not copied.
   */
  *#string(): Steps<string> {
    if (this.text[this.#at] !== '"') throw this.#malformed()
    const start = this.#at + 1
    let at = start
    let unescaped: string | null = null
    for (;;) {
      const piece = this.text.slice(at, at + SLICE)
      const [length, isLast] = insideOfString(piece)
      if (length === 0 && !isLast) throw this.#malformed()
      const inside = piece.slice(0, length)
      if (unescaped !== null || !IS_PLAIN.test(inside))
        unescaped = (unescaped ?? this.text.slice(start, at)) + this.#parsed(`"${inside}"`)
      at += length
      if (isLast) break
      yield
    }
    this.#at = at + 1
    return unescaped ?? this.text.slice(start, at)
  }

  #literal(): Value {
    LITERAL.lastIndex = this.#at
    if (!LITERAL.test(this.text)) throw this.#malformed()
    const literal = this.text.slice(this.#at, LITERAL.lastIndex)
    const value = this.#parsed(literal)
    this.#at = LITERAL.lastIndex
    return typeof value === 'number' ? jsonNumberValue(literal) : (value as Value)
  }

  /** Reads a string or literal, which has no structure, by `JSON.parse`. */
  #parsed(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      throw this.#malformed()
    }
  }

  *#takes(character: string): Steps<boolean> {
    yield* this.#skipBlank()
    if (this.text[this.#at] !== character) return false
    this.#at++
    return true
  }

  *#skipBlank(): Steps<void> {
    for (;;) {
      BLANK.lastIndex = this.#at
      BLANK.test(this.text)
      const skipped = BLANK.lastIndex - this.#at
      this.#at = BLANK.lastIndex
      if (skipped < SLICE) return
      yield
    }
  }

  #malformed(): UnreadableJson {
    return new UnreadableJson(`not JSON at character ${this.#at + 1}`)
  }
}

/**
 * Tells how much of a piece is inside of the string, without an escape that is cut, and whether the string
 * ends there.
 */
function insideOfString(piece: string): readonly [length: number, isLast: boolean] {
  let end = piece.indexOf('"')
  while (end >= 0 && backslashesBefore(piece, end) % 2 === 1) end = piece.indexOf('"', end + 1)
  if (end >= 0) return [end, true]
  const backslash = piece.lastIndexOf('\\')
  if (backslash < 0 || backslashesBefore(piece, backslash + 1) % 2 === 0) return [piece.length, false]
  const isCut = backslash + (piece[backslash + 1] === 'u' ? LONGEST_ESCAPE : 2) > piece.length
  return [isCut ? backslash : piece.length, false]
}

function backslashesBefore(piece: string, place: number): number {
  let start = place
  while (piece[start - 1] === '\\') start--
  return place - start
}

/** A string without escapes. */
const IS_PLAIN = /^[ -[\]-\uffff]*$/

/** Characters of an escape that gives a character by its number, such as `\u00e9`. */
const LONGEST_ESCAPE = 6

const BLANK = new RegExp(`[ \\t\\n\\r]{0,${SLICE}}`, 'y')

/** The limit is far more digits than any number has that a client means. */
const LITERAL = /[-+.\w]{1,100000}/y

/** Reads a number as PHP does, to which -0 is a float (magento.md §6.11). */
function jsonNumberValue(literal: string): Value {
  return literal === '-0' ? floatValue(-0) : numberValue(literal)
}
