import { isDeepStrictEqual } from 'node:util'
import {
  type Answer,
  type Bytes,
  isPlainList,
  isPlainMap,
  type Plain,
  type PlainMap,
  type ProductAnswers,
  type SetAnswers,
  type ShopAnswers,
  type ViewAnswers,
} from './answers'

/** What was asked, as far as it applies: of an attribute set, or of a product, a store view and an image. */
export interface Place {
  readonly asked: 'types' | 'list' | 'info' | 'rest' | 'bytes'
  readonly set?: string
  readonly product?: string
  readonly store?: string
  /** The file or the URL of an image, or the code of a type. */
  readonly item?: string
}

/**
 * What differs. `answer`: one is a fault or no answer, or they are of other kinds. `missing`: only the old shop has the item.
 * `extra`: only this one has it. `order`: the same items come in another order. Otherwise a field, or the bytes.
 */
export type DifferenceKind = 'answer' | 'missing' | 'extra' | 'order' | 'field' | 'bytes'

/** One thing that two shops answer differently. */
export interface Difference extends Place {
  readonly kind: DifferenceKind
  /** The field that differs, where it is one. */
  readonly field?: string
  /** What the old shop has; missing where it has nothing. */
  readonly old?: Answer | Bytes | Plain
  readonly here?: Answer | Bytes | Plain
}

/** Compares what two shops have answered to the same question. Their URLs may begin differently. */
export function differencesOf(old: ShopAnswers, here: ShopAnswers): readonly Difference[] {
  if ('set' in old) return 'set' in here ? ofSet(old, here) : []
  return 'set' in here ? [] : ofProduct(old, here)
}

function ofSet(old: SetAnswers, here: SetAnswers): readonly Difference[] {
  return ofAnswers({ asked: 'types', set: old.set }, old.types, here.types, 'code')
}

function ofProduct(old: ProductAnswers, here: ProductAnswers): readonly Difference[] {
  const views = old.views.flatMap((view) => {
    const other = here.views.find(({ store }) => store === view.store)
    return other ? ofView(old.product, view, other) : []
  })
  return [...views, ...ofBytes(old.product, old.bytes, here.bytes)]
}

function ofView(product: string, old: ViewAnswers, here: ViewAnswers): readonly Difference[] {
  const place = { product, store: old.store }
  const listed = ofAnswers({ asked: 'list', ...place }, old.list, here.list, 'file')
  const infos = sharedKeys(old.info, here.info).flatMap(([file, oldInfo, info]) =>
    ofAnswers({ asked: 'info', ...place, item: file }, oldInfo, info, 'file'),
  )
  const rest = old.rest && here.rest ? ofAnswers({ asked: 'rest', ...place }, old.rest, here.rest, 'url') : []
  // What a list has told is not told again.
  const isNew = (info: Difference) =>
    !listed.some((other) => isDeepStrictEqual({ ...other, asked: 'info' }, info))
  return [...listed, ...infos.filter(isNew), ...rest]
}

function ofBytes(
  product: string,
  old: ProductAnswers['bytes'],
  here: ProductAnswers['bytes'],
): readonly Difference[] {
  return sharedKeys(old, here)
    .filter(([, one, other]) => !isDeepStrictEqual(one, other))
    .map(([item, one, other]) => ({ asked: 'bytes', product, item, kind: 'bytes', old: one, here: other }))
}

function ofAnswers(place: Place, old: Answer, here: Answer, key: string): readonly Difference[] {
  if ('value' in old && 'value' in here) {
    if (isPlainList(old.value) && isPlainList(here.value))
      return ofLists(place, keyed(old.value, key), keyed(here.value, key))
    if (isPlainMap(old.value) && isPlainMap(here.value)) return ofFields(place, old.value, here.value)
  }
  // Where the old shop gave no answer, nobody knows whether this one's is the same.
  const isKnown = !('failure' in old)
  return isKnown && isDeepStrictEqual(old, here) ? [] : [{ ...place, kind: 'answer', old, here }]
}

type Keyed = ReadonlyMap<string, Plain>

function ofLists(place: Place, old: Keyed, here: Keyed): readonly Difference[] {
  const missing = [...old].flatMap(([item, value]): readonly Difference[] =>
    here.has(item) ? [] : [{ ...place, item, kind: 'missing', old: value }],
  )
  const extra = [...here].flatMap(([item, value]): readonly Difference[] =>
    old.has(item) ? [] : [{ ...place, item, kind: 'extra', here: value }],
  )
  const fields = [...old].flatMap(([item, value]) => {
    const other = here.get(item)
    return isPlainMap(value) && isPlainMap(other) ? ofFields({ ...place, item }, value, other) : []
  })
  return [...missing, ...extra, ...ofOrder(place, old, here), ...fields]
}

function ofOrder(place: Place, old: Keyed, here: Keyed): readonly Difference[] {
  const orders = {
    old: [...old.keys()].filter((item) => here.has(item)),
    here: [...here.keys()].filter((item) => old.has(item)),
  }
  return isDeepStrictEqual(orders.old, orders.here) ? [] : [{ ...place, kind: 'order', ...orders }]
}

function ofFields(place: Place, old: PlainMap, here: PlainMap): readonly Difference[] {
  const fields = [...new Set([...Object.keys(old), ...Object.keys(here)])]
  return fields.flatMap((field): readonly Difference[] => {
    const [one, other] = [comparable(field, old[field]), comparable(field, here[field])]
    if (isDeepStrictEqual(one, other)) return []
    return [
      {
        ...place,
        kind: 'field',
        field,
        ...(one !== undefined && { old: one }),
        ...(other !== undefined && { here: other }),
      },
    ]
  })
}

/** Returns the items by what names each. An item that is there twice is named by its turn as well. */
function keyed(list: readonly Plain[], key: string): Keyed {
  const items = new Map<string, Plain>()
  for (const item of list) {
    const name = nameOf(item, key)
    let free = name
    for (let turn = 2; items.has(free); turn++) free = `${name} (${turn})`
    items.set(free, item)
  }
  return items
}

function nameOf(item: Plain, key: string): string {
  const name = isPlainMap(item) ? comparable(key, item[key]) : undefined
  if (typeof name === 'string') return name
  // An image of an old shop may have no file.
  return name === null ? '' : JSON.stringify(item)
}

/** Returns the value of a field as it is compared: a URL without what differs from shop to shop. */
function comparable(field: string, value: Plain | undefined): Plain | undefined {
  return field === 'url' && typeof value === 'string' ? pathInMedia(value) : value
}

/** Where the images of products begin in a URL, be they below `/media` or on a host of their own. */
const MEDIA = /^https?:\/\/.*?(?=\/catalog\/product\/)/s

function pathInMedia(url: string): string {
  return url.replace(MEDIA, '')
}

/** Returns the keys that both have, with the value of each. */
function sharedKeys<T>(
  old: Readonly<Record<string, T>> = {},
  here: Readonly<Record<string, T>> = {},
): readonly (readonly [key: string, old: T, here: T])[] {
  const others = new Map(Object.entries(here))
  return Object.entries(old).flatMap(([key, value]) => {
    const other = others.get(key)
    return other === undefined ? [] : [[key, value, other] as const]
  })
}
