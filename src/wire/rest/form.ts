import { inTurns, type Steps } from '../../contract/turns'
import type { Value } from '../../contract/value'
import { escapedFields, UnreadableForm, unescapedSlices } from '../../text/forms'
import { utf8Slices } from '../../text/utf8'

/** The largest number of fields, the same as PHP's. */
const MOST_FIELDS = 1000

/** A list item: `types[]` and `types[2]` each add to the list `types`, as in PHP. */
const LIST_ITEM = /^([^[\]]+)\[[^[\]]*\]$/

/**
 * Reads a form (`application/x-www-form-urlencoded`), in turns. Of fields with the same name the last counts.
 * @throws UnreadableForm
 */
export function readForm(bytes: Buffer): Promise<Value> {
  return inTurns(valueIn(bytes))
}

function* valueIn(bytes: Buffer): Steps<Value> {
  const fields = new Map<string, Value>()
  const lists = new Map<string, Value[]>()
  let count = 0
  for (const field of escapedFields(bytes)) {
    if (field === null) {
      yield
      continue
    }
    count += 1
    if (count > MOST_FIELDS) throw new UnreadableForm(`more than ${MOST_FIELDS} fields`)
    const name = yield* decoded(field.name)
    const value = yield* decoded(field.value)
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

/** Decodes a name or value. Unescaped bytes outside of ASCII are read as UTF-8. @throws UnreadableForm */
function* decoded(escaped: Buffer): Steps<string> {
  let text = ''
  try {
    for (const slice of utf8Slices(yield* unescaped(escaped))) {
      text = text === '' ? slice : text + slice
      yield
    }
  } catch (cause) {
    throw new UnreadableForm('not readable as UTF-8', { cause })
  }
  return text
}

function* unescaped(escaped: Buffer): Steps<Buffer> {
  const plain = Buffer.allocUnsafe(escaped.length)
  let length = 0
  for (const slice of unescapedSlices(escaped, 'refused')) {
    length += slice.copy(plain, length)
    yield
  }
  return plain.subarray(0, length)
}
