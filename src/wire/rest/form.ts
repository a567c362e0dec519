import { inTurns, type Steps } from '../../contract/turns'
import type { Value } from '../../contract/value'
import { formParts } from '../../text/forms'
import { SLICE, utf8Slices } from '../../text/utf8'

/** The bytes are no form, or more of one than a client of this API would send. */
export class UnreadableForm extends Error {
  override readonly name = 'UnreadableForm'
}

/** As many as PHP takes. */
const MOST_FIELDS = 1000

/** `types[]` and `types[2]` each add to the list `types`, as PHP reads them. */
const LIST_ITEM = /^([^[\]]+)\[[^[\]]*\]$/

/** Reads a form (`application/x-www-form-urlencoded`), in turns; of fields with one name the last counts. @throws UnreadableForm */
export function readForm(bytes: Buffer): Promise<Value> {
  return inTurns(fieldsIn(bytes))
}

function* fieldsIn(bytes: Buffer): Steps<Value> {
  const fields = new Map<string, Value>()
  const lists = new Map<string, Value[]>()
  for (const part of yield* partsOf(bytes)) {
    const equals = part.indexOf('=')
    const name = yield* decoded(equals < 0 ? part : part.subarray(0, equals))
    const value = equals < 0 ? '' : yield* decoded(part.subarray(equals + 1))
    const list = LIST_ITEM.exec(name)?.[1]
    if (list === undefined) {
      fields.set(name, value)
      continue
    }
    const items = lists.get(list) ?? []
    items.push(value)
    lists.set(list, items)
  }
  return new Map([...fields, ...lists])
}

/** @throws UnreadableForm */
function* partsOf(bytes: Buffer): Steps<readonly Buffer[]> {
  const parts: Buffer[] = []
  for (const part of formParts(bytes)) {
    if (part === null) yield
    else parts.push(part)
    if (parts.length > MOST_FIELDS) throw new UnreadableForm(`more than ${MOST_FIELDS} fields`)
  }
  return parts
}

/** Bytes that stand in a form unescaped are read all the same, as UTF-8. @throws UnreadableForm */
function* decoded(bytes: Buffer): Steps<string> {
  let text = ''
  try {
    for (const slice of utf8Slices(yield* unescaped(bytes))) {
      text = text === '' ? slice : text + slice
      yield
    }
  } catch (cause) {
    throw new UnreadableForm('not readable as UTF-8', { cause })
  }
  return text
}

function* unescaped(bytes: Buffer): Steps<Uint8Array> {
  if (!bytes.includes(PERCENT) && !bytes.includes(PLUS)) return bytes
  const plain = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte !== PERCENT) plain[length++] = byte === PLUS ? SPACE : (byte ?? 0)
    else {
      const hex = bytes.toString('latin1', at + 1, at + 3)
      if (!HEX.test(hex)) throw new UnreadableForm('a percent sign that escapes nothing')
      plain[length++] = Number.parseInt(hex, 16)
      at += 2
    }
    if (length % SLICE === 0) yield
  }
  return plain.subarray(0, length)
}

const [PERCENT, PLUS, SPACE] = [0x25, 0x2b, 0x20]
const HEX = /^[0-9A-Fa-f]{2}$/
