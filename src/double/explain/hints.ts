import { asksForSku } from '../../catalog/identify'
import { WRITABLE_FIELDS } from '../../catalog/rest/imageOperations'
import type { NotedCall } from '../../contract/exchange'
import { nearest, quoted } from '../../contract/nearest'
import { integer, isNumericText, text } from '../../contract/readers'
import { fieldsOf, isNumber, itemsOf, type Value, type ValueMap } from '../../contract/value'
import { productOf } from './catalogFaults'
import { sentFileOf } from './imageData'
import type { Inspection } from './ports'
import { isRest, nameOf } from './subject'

const FIELDS: readonly string[] = ['file', 'label', 'position', 'exclude', 'disabled', 'types']
/** Fields of REST's answers. A client may send them back, and they are ignored. */
const REST_FIELDS: readonly string[] = [...WRITABLE_FIELDS, 'id', 'url']

/** Returns hints about a call that did not fail but probably did something unintended. */
export async function hintsFor(call: NotedCall, inspection: Inspection): Promise<readonly string[]> {
  const method = call.path.slice(call.path.indexOf('.') + 1)
  const data = call.arguments.get('data') ?? null
  const ofData =
    method === 'create' || method === 'update' ? await hintsForData(method, data, call, inspection) : []
  const ofProduct = isRest({ call }) ? [] : await hintsForProduct(call, inspection)
  return [...ofData, ...ofProduct]
}

async function hintsForData(
  method: 'create' | 'update',
  data: Value,
  call: NotedCall,
  inspection: Inspection,
): Promise<readonly string[]> {
  const fields = fieldsOf(data)
  if (!fields) return method === 'update' ? ['The data is no struct or map, so nothing was changed.'] : []
  return [
    ...hintsForFields(fields, call),
    ...(await hintsForTypes(method, fields, call, inspection)),
    ...hintsForLabel(method, fields, call),
    ...hintsForFile(method, data, call),
  ]
}

function hintsForFields(fields: ValueMap, call: NotedCall): readonly string[] {
  const known = isRest({ call }) ? REST_FIELDS : FIELDS
  return [...fields.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known)
      return `The field ${quoted(name)} means nothing and was ignored.${meant === null ? '' : ` Did you mean ${meant}?`}`
    })
}

/** An empty label of a store view is none (magento.md §6.3). */
function hintsForLabel(method: 'create' | 'update', fields: ValueMap, call: NotedCall): readonly string[] {
  const store = text(call.arguments.get('store') ?? null)
  const isDefaultScope = store === null || store === '' || store === '0' || store === 'admin'
  if (method !== 'update' || isDefaultScope || text(fields.get('label') ?? null) !== '') return []
  return ['An empty label in a store view is none: the label of the default scope shows there.']
}

async function hintsForTypes(
  method: 'create' | 'update',
  fields: ValueMap,
  call: NotedCall,
  inspection: Inspection,
): Promise<readonly string[]> {
  const types = fields.get('types') ?? null
  if (types === null) return []
  const items = itemsOf(types)
  if (items === null && method === 'update')
    return ['update takes types as an array: given as a text they were ignored.']
  const known = (await productOf({ call, inspection }))?.types ?? []
  return (items ?? [types])
    .map((item) => text(item) ?? '')
    .filter((code) => !known.includes(code))
    .map((code) => `There is no type ${quoted(code)}: it was ignored. There are ${known.join(', ')}.`)
}

function hintsForFile(method: 'create' | 'update', data: Value, call: NotedCall): readonly string[] {
  const { name, mime, content } = sentFileOf(data, isRest({ call }))
  const hints: string[] = []
  if (method === 'create' && name !== null && /\.(?:jpe?g|png|gif)$/i.test(name))
    hints.push(`The name ${quoted(name)} has an extension, and got a second one: give it without.`)
  if (method === 'update' && (mime === null) !== (content === null))
    hints.push(`The file was not replaced: it has no ${mime === null ? 'mime type' : 'content'}.`)
  if (method === 'create' && !isRest({ call }) && !hasVisibility(data))
    hints.push(
      'The new image is excluded from the product page, as it is over SOAP and RPC unless exclude is 0.',
    )
  return hints
}

function hasVisibility(data: Value): boolean {
  const fields = fieldsOf(data)
  return fields?.has('exclude') === true || fields?.has('disabled') === true
}

/**
 * Hints at the worst trap of this API: a numeric SKU is read as the id of another product, and nothing fails.
 */
async function hintsForProduct(call: NotedCall, inspection: Inspection): Promise<readonly string[]> {
  const given = call.arguments.get('product') ?? null
  const name = text(given)
  const isId = name !== null && (isNumber(given) || isNumericText(name))
  if (!isId || asksForSku(call.arguments.get('identifierType') ?? null)) return []
  const [bySku] = await inspection.products([], [name])
  const [byId] = await inspection.products([integer(given) ?? 0], [])
  if (!bySku || !byId || bySku.id === byId.id) return []
  return [
    `${quoted(name)} was read as an id, and is that of ${nameOf(byId)}; the product with the SKU ${quoted(name)} is another (id ${bySku.id}): pass identifierType sku if that was meant.`,
  ]
}
