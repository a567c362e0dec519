import { MEDIA_ATTRIBUTE_CODE, type MediaAttribute, scopeOf } from '../catalog/mediaAttribute'
import { LARGEST_ID } from '../contract/storable'
import { UnreadableShop } from '../magento/unreadableShop'
import type { NamedRow, SmallTable } from './shopTables'

/** What a shop has beside its products and its users. */
export interface ShopFacts {
  readonly websites: readonly ShopWebsite[]
  readonly storeViews: readonly { readonly id: number; readonly code: string; readonly website: number }[]
  readonly attributeSets: readonly ShopAttributeSet[]
  readonly mediaAttributes: readonly ShopMediaAttribute[]
  /** The id of the attribute that gallery rows belong to. */
  readonly galleryAttribute: number
  /** The ids of the attributes that say whether guests see a product; 0 for one that the shop has not. */
  readonly statusAttribute: number
  readonly visibilityAttribute: number
}

export interface ShopWebsite {
  readonly id: number
  readonly code: string
  readonly default: boolean
  /** Undefined for a website without store views. */
  readonly defaultStore: number | undefined
}

export interface ShopAttributeSet {
  readonly id: number
  readonly name: string
  readonly gallery: boolean
  /** The codes of its media attributes in their order. */
  readonly mediaAttributes: readonly string[]
}

export interface ShopMediaAttribute extends MediaAttribute {
  /** The id that the attribute has in the shop. */
  readonly id: number
  readonly label: string
}

type Tables = (table: SmallTable) => readonly NamedRow[]

const PRODUCT = 'catalog_product'
const GALLERY = 'media_gallery'
const MEDIA_IMAGE = 'media_image'
/** A group's place in its set counts before the attribute's place in the group. */
const PLACES_OF_GROUP = 1000

/** Reads the facts of a shop from its small tables. @throws UnreadableShop for a shop without products' attributes */
export function shopFacts(tables: Tables): ShopFacts {
  const productType = tables('eav_entity_type').find((row) => row.entity_type_code === PRODUCT)
  if (!productType) throw new UnreadableShop('the shop has no entity type catalog_product')
  const ofProducts = tables('eav_attribute').filter(
    (row) => row.entity_type_id === productType.entity_type_id,
  )
  const gallery = ofProducts.find((row) => row.attribute_code === GALLERY)
  if (!gallery) throw new UnreadableShop('the shop has no attribute media_gallery')
  const mediaAttributes = mediaAttributesIn(ofProducts, tables)
  const idOf = (code: string) => number(ofProducts.find((row) => row.attribute_code === code)?.attribute_id)
  const galleryAttribute = number(gallery.attribute_id)
  return {
    websites: websitesIn(tables),
    storeViews: tables('core_store')
      .map((row) => ({
        id: number(row.store_id),
        code: row.code || `store_${row.store_id}`,
        website: number(row.website_id),
      }))
      .filter(({ id }) => id > 0),
    attributeSets: attributeSetsIn(
      tables,
      productType.entity_type_id ?? '',
      mediaAttributes,
      galleryAttribute,
    ),
    mediaAttributes,
    galleryAttribute,
    statusAttribute: idOf('status'),
    visibilityAttribute: idOf('visibility'),
  }
}

function websitesIn(tables: Tables): readonly ShopWebsite[] {
  const stores = tables('core_store')
  const groups = tables('core_store_group')
  return tables('core_website')
    .filter((row) => number(row.website_id) > 0)
    .map((row) => {
      const group = groups.find((each) => each.group_id === row.default_group_id)
      const ofWebsite = stores.filter((each) => each.website_id === row.website_id)
      const chosen = ofWebsite.find((each) => each.store_id === group?.default_store_id)
      return {
        id: number(row.website_id),
        code: row.code || `website_${row.website_id}`,
        default: row.is_default === '1',
        defaultStore: chosen && number(chosen.store_id),
      }
    })
}

function mediaAttributesIn(ofProducts: readonly NamedRow[], tables: Tables): readonly ShopMediaAttribute[] {
  const scopes = new Map(tables('catalog_eav_attribute').map((row) => [row.attribute_id, row.is_global]))
  return ofProducts
    .filter((row) => row.frontend_input === MEDIA_IMAGE)
    .map((row) => ({
      id: number(row.attribute_id),
      code: row.attribute_code ?? '',
      label: row.frontend_label ?? row.attribute_code ?? '',
      scope: scopeOf(number(scopes.get(row.attribute_id) ?? '1')),
    }))
    .filter(({ code }) => MEDIA_ATTRIBUTE_CODE.test(code))
}

function attributeSetsIn(
  tables: Tables,
  productType: string,
  mediaAttributes: readonly ShopMediaAttribute[],
  galleryAttribute: number,
): readonly ShopAttributeSet[] {
  const groupPlaces = new Map(
    tables('eav_attribute_group').map((row) => [row.attribute_group_id, number(row.sort_order)]),
  )
  const codes = new Map(mediaAttributes.map(({ id, code }) => [id, code]))
  const places = new Map<string | null | undefined, { id: number; place: number }[]>()
  for (const row of tables('eav_entity_attribute')) {
    const id = number(row.attribute_id)
    if (id !== galleryAttribute && !codes.has(id)) continue
    const place = (groupPlaces.get(row.attribute_group_id) ?? 0) * PLACES_OF_GROUP + number(row.sort_order)
    const ofSet = places.get(row.attribute_set_id) ?? []
    places.set(row.attribute_set_id, [...ofSet, { id, place }])
  }
  const names = new Set<string>()
  return tables('eav_attribute_set')
    .filter((row) => row.entity_type_id === productType)
    .map((row) => {
      const ofSet = [...(places.get(row.attribute_set_id) ?? [])].sort(
        (one, other) => one.place - other.place || one.id - other.id,
      )
      return {
        id: number(row.attribute_set_id),
        name: freeName(row.attribute_set_name ?? '', row.attribute_set_id ?? '', names),
        gallery: ofSet.some(({ id }) => id === galleryAttribute),
        mediaAttributes: ofSet.flatMap(({ id }) => codes.get(id) ?? []),
      }
    })
}

/** Returns the name, with the id behind it where another has it already. */
export function freeName(name: string, id: string, taken: Set<string>): string {
  const free = taken.has(name) || name === '' ? `${name} (${id})`.trim() : name
  taken.add(free)
  return free
}

/** Reads a number of a shop's table; 0 for what is none, or is too large. */
export function number(text: string | null | undefined): number {
  const value = Number(text ?? '0')
  return Number.isInteger(value) && Math.abs(value) <= LARGEST_ID ? value : 0
}
