import type { Value } from '../../contract/value'

/** The bytes are no form, or more of one than a client of this API would send. */
export class UnreadableForm extends Error {
  override readonly name = 'UnreadableForm'
}

/** As many as PHP takes. */
const MOST_FIELDS = 1000

/** `types[]` and `types[2]` each add to the list `types`, as PHP reads them. */
const LIST_ITEM = /^([^[\]]+)\[[^[\]]*\]$/

/** Reads a form (`application/x-www-form-urlencoded`); of fields with one name the last counts. @throws UnreadableForm */
export function readForm(bytes: Buffer): Value {
  const parts = bytes
    .toString('latin1')
    .split('&', MOST_FIELDS + 1)
    .filter((part) => part !== '')
  if (parts.length > MOST_FIELDS) throw new UnreadableForm(`more than ${MOST_FIELDS} fields`)
  const fields = new Map<string, Value>()
  const lists = new Map<string, Value[]>()
  for (const part of parts) {
    const [name, value] = pairOf(part)
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

function pairOf(part: string): readonly [string, string] {
  const equals = part.indexOf('=')
  return equals < 0 ? [decoded(part), ''] : [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(escapedBytes(text).replaceAll('+', ' '))
  } catch (cause) {
    throw new UnreadableForm('not readable as UTF-8', { cause })
  }
}

/** Bytes that stand in a form unescaped are read all the same, as UTF-8. */
function escapedBytes(text: string): string {
  return text.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
}
