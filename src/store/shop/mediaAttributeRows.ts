import {
  BUILT_IN_MEDIA_ATTRIBUTES,
  MEDIA_ATTRIBUTE_CODE,
  type MediaAttribute,
  scopeOf,
} from '../../catalog/mediaAttribute'
import { OperatorError } from '../../contract/operatorError'
import type { ListedMediaAttribute } from '../../control/ports'
import { UnknownName } from '../access/accountRows'
import type { Queryable } from '../database/database'
import { isGlobalOf } from '../galleries/mediaTypes'

/** A media attribute to save. What is not given stays as it is; at first the label is the code, and the scope `store`. */
export interface MediaAttributeDefinition extends Pick<MediaAttribute, 'code'> {
  readonly label?: string | undefined
  readonly scope?: MediaAttribute['scope'] | undefined
}

/** The media attributes of a set, in its order. */
export interface AttributesOfSet {
  readonly id: number
  readonly mediaAttributes: readonly string[]
}

const upsertAttributes = {
  name: 'upsert_media_attributes',
  text: `
    INSERT INTO eav_attribute AS known (attribute_code, frontend_label, frontend_input, is_global)
    SELECT code, coalesce(label, code), 'media_image', coalesce(scope, 0)
      FROM unnest($1::text[], $2::text[], $3::smallint[]) AS given (code, label, scope)
    ON CONFLICT (attribute_code) DO UPDATE
    SET frontend_input = 'media_image',
        frontend_label = coalesce((SELECT label FROM unnest($1::text[], $2::text[]) AS given (code, label)
                                    WHERE code = known.attribute_code), known.frontend_label),
        is_global = coalesce((SELECT scope FROM unnest($1::text[], $3::smallint[]) AS given (code, scope)
                               WHERE code = known.attribute_code), known.is_global)`,
}

const setsWith = {
  name: 'attribute_sets_with_attributes',
  text: `
    SELECT DISTINCT attribute_set_id AS id
      FROM eav_entity_attribute JOIN eav_attribute USING (attribute_id) WHERE attribute_code = ANY ($1::text[])`,
}

const setsWithout = {
  name: 'attribute_sets_without_attributes',
  text: `
    SELECT id FROM unnest($1::int[]) AS id
     WHERE NOT EXISTS (SELECT FROM eav_entity_attribute WHERE attribute_set_id = id)`,
}

const unknownCodes = {
  name: 'unknown_media_attributes',
  text: `
    SELECT code FROM unnest($1::text[]) AS code
     WHERE NOT EXISTS (SELECT FROM eav_attribute
                        WHERE attribute_code = code AND frontend_input = 'media_image')`,
}

const dropAttributesOfSets = {
  name: 'drop_attributes_of_sets',
  text: `
    DELETE FROM eav_entity_attribute of_set USING eav_attribute attribute
     WHERE of_set.attribute_id = attribute.attribute_id AND frontend_input = 'media_image'
       AND attribute_set_id = ANY ($1::int[])`,
}

const addAttributesOfSets = {
  name: 'add_attributes_of_sets',
  text: `
    INSERT INTO eav_entity_attribute (attribute_set_id, attribute_id, sort_order)
    SELECT set_id, attribute_id, sort_order
      FROM unnest($1::int[], $2::text[], $3::int[]) AS given (set_id, code, sort_order)
      JOIN eav_attribute ON attribute_code = code`,
}

const remember = {
  name: 'remember_media_types',
  text: `
    UPDATE eav_attribute_set
       SET media_types = array_to_string(ARRAY(
             SELECT attribute_code || ':' || is_global
               FROM eav_entity_attribute of_set JOIN eav_attribute USING (attribute_id)
              WHERE of_set.attribute_set_id = eav_attribute_set.attribute_set_id AND frontend_input = 'media_image'
              ORDER BY sort_order, attribute_id), ',')
     WHERE attribute_set_id = ANY ($1::int[])`,
}

const listAttributes = {
  name: 'list_media_attributes',
  text: `
    SELECT attribute_code AS code, coalesce(frontend_label, attribute_code) AS label, is_global,
           ARRAY(SELECT attribute_set_name
                   FROM eav_entity_attribute JOIN eav_attribute_set USING (attribute_set_id)
                  WHERE attribute_id = eav_attribute.attribute_id ORDER BY attribute_set_id) AS "attributeSets"
      FROM eav_attribute WHERE frontend_input = 'media_image' ORDER BY attribute_id`,
}

/**
 * Makes the attributes, or changes those of these codes; the attribute sets that have them know it at once.
 *
 * @throws OperatorError for a code that is empty, or has a comma or a colon
 */
export async function saveMediaAttributes(
  rows: Queryable,
  attributes: readonly MediaAttributeDefinition[],
): Promise<void> {
  const codes = attributes.map(({ code }) => code)
  const wrong = codes.find((code) => !MEDIA_ATTRIBUTE_CODE.test(code))
  if (wrong !== undefined)
    throw new OperatorError('invalid', `${wrong} is no code of an attribute: it has a comma or a colon`)
  await rows.query(upsertAttributes, [
    codes,
    attributes.map(({ label }) => label),
    attributes.map(({ scope }) => scope && isGlobalOf(scope)),
  ])
  const sets = await rows.query<{ id: number }>(setsWith, [codes])
  await rememberMediaTypes(
    rows,
    sets.map(({ id }) => id),
  )
}

/** Gives each set exactly these media attributes, in this order. @throws UnknownName */
export async function assignMediaAttributes(
  rows: Queryable,
  sets: readonly AttributesOfSet[],
): Promise<void> {
  const given = sets.flatMap(({ id, mediaAttributes }) =>
    mediaAttributes.map((code, index) => ({ id, code, sortOrder: index + 1 })),
  )
  const codes = given.map(({ code }) => code)
  const [unknown] = await rows.query<{ code: string }>(unknownCodes, [codes])
  if (unknown) throw new UnknownName(`there is no media attribute ${unknown.code}`)
  const ids = sets.map(({ id }) => id)
  await rows.query(dropAttributesOfSets, [ids])
  await rows.query(addAttributesOfSets, [
    given.map(({ id }) => id),
    codes,
    given.map(({ sortOrder }) => sortOrder),
  ])
  await rememberMediaTypes(rows, ids)
}

/** Gives those of the sets that have no attributes the built-in ones. */
export async function assignBuiltInAttributes(rows: Queryable, ids: readonly number[]): Promise<void> {
  const bare = await rows.query<{ id: number }>(setsWithout, [ids])
  if (bare.length === 0) return
  await assignMediaAttributes(
    rows,
    bare.map(({ id }) => ({ id, mediaAttributes: BUILT_IN_MEDIA_ATTRIBUTES })),
  )
}

/** Repeats the media attributes of the sets where galleries are read. Whoever changes those rows calls it. */
export async function rememberMediaTypes(rows: Queryable, attributeSetIds: readonly number[]): Promise<void> {
  await rows.query(remember, [attributeSetIds])
}

/** Returns all media attributes, in the order in which they were made. */
export async function mediaAttributesOf(rows: Queryable): Promise<readonly ListedMediaAttribute[]> {
  const attributes = await rows.query<Omit<ListedMediaAttribute, 'scope'> & { is_global: number }>(
    listAttributes,
  )
  return attributes.map(({ is_global, ...attribute }) => ({
    ...attribute,
    scope: scopeOf(is_global),
  }))
}
