/** A value of a made shop; a Buffer is written as MySQL writes binary columns. */
export type SqlValue = string | number | null | Buffer

/** Rows of one table of a made shop, by the names of their columns. */
export type MadeTables = Readonly<Record<string, readonly Readonly<Record<string, SqlValue>>[]>>

/** How a dump is written. */
export interface DumpForm {
  readonly prefix?: string
  /** Whether each row has an INSERT of its own. */
  readonly isSingle?: boolean
  /** Whether each INSERT names the columns, and CREATE TABLE is left out. */
  readonly isComplete?: boolean
  /** Whether texts are written as hexadecimal digits. */
  readonly isHex?: boolean
  /** Whether the dump says at its beginning and end that it is of mysqldump. */
  readonly isOfProgram?: boolean
}

const STATUS = 96
const VISIBILITY = 102
const IMAGE = 85
const SMALL_IMAGE = 86
const BACK_IMAGE = 500
const GALLERY = 88

/** The key of every user of the made shop. */
export const OLD_KEY = 'schlüssel-1'
/** md5('ab' + OLD_KEY), and MD5 of an administrator's password are made by the tests. */

/**
 * A small shop with what is odd in real ones: a file in two galleries, a missing one, an unsafe path, an image without a file,
 * absent values, types over store views, equal SKUs, and a product whose attribute set is gone.
 */
export function madeShop(keyHash: string): MadeTables {
  const image = (value_id: number, entity_id: number, value: string | null, attribute_id = GALLERY) => ({
    value_id,
    attribute_id,
    entity_id,
    value,
  })
  const values = (
    value_id: number,
    store_id: number,
    label: string | null,
    position: number | null,
    disabled = 0,
  ) => ({
    value_id,
    store_id,
    label,
    position,
    disabled,
  })
  const type = (attribute_id: number, entity_id: number, store_id: number, value: string | null) => ({
    entity_type_id: 4,
    attribute_id,
    store_id,
    entity_id,
    value,
  })
  const product = (entity_id: number, sku: string | null, attribute_set_id = 4) => ({
    entity_id,
    entity_type_id: 4,
    attribute_set_id,
    type_id: 'simple',
    sku,
  })
  const seen = (entity_id: number, status: number) => [
    { entity_type_id: 4, attribute_id: STATUS, store_id: 0, entity_id, value: status },
    { entity_type_id: 4, attribute_id: VISIBILITY, store_id: 0, entity_id, value: 4 },
  ]
  const attribute = (attribute_id: number, attribute_code: string, frontend_input: string) => ({
    attribute_id,
    entity_type_id: 4,
    attribute_code,
    frontend_input,
    frontend_label: attribute_code,
  })
  return {
    core_website: [
      { website_id: 0, code: 'admin', default_group_id: 0, is_default: 0 },
      { website_id: 1, code: 'main', default_group_id: 1, is_default: 1 },
    ],
    core_store_group: [{ group_id: 1, website_id: 1, default_store_id: 5 }],
    core_store: [
      { store_id: 0, code: 'admin', website_id: 0, group_id: 0, is_active: 1 },
      { store_id: 2, code: 'english', website_id: 1, group_id: 1, is_active: 1 },
      { store_id: 5, code: 'german', website_id: 1, group_id: 1, is_active: 0 },
    ],
    core_config_data: [
      { scope: 'default', scope_id: 0, path: 'web/unsecure/base_url', value: 'http://old.example/' },
      { scope: 'default', scope_id: 0, path: 'api/config/session_timeout', value: '7200' },
    ],
    eav_entity_type: [
      { entity_type_id: 3, entity_type_code: 'catalog_category' },
      { entity_type_id: 4, entity_type_code: 'catalog_product' },
    ],
    eav_attribute: [
      attribute(IMAGE, 'image', 'media_image'),
      attribute(SMALL_IMAGE, 'small_image', 'media_image'),
      attribute(BACK_IMAGE, 'back_image', 'media_image'),
      attribute(GALLERY, 'media_gallery', 'gallery'),
      attribute(STATUS, 'status', 'select'),
      attribute(VISIBILITY, 'visibility', 'select'),
    ],
    catalog_eav_attribute: [
      { attribute_id: IMAGE, is_global: 0 },
      { attribute_id: SMALL_IMAGE, is_global: 0 },
      { attribute_id: BACK_IMAGE, is_global: 2 },
    ],
    eav_attribute_set: [
      { attribute_set_id: 4, entity_type_id: 4, attribute_set_name: 'Default' },
      { attribute_set_id: 9, entity_type_id: 4, attribute_set_name: 'Services' },
      { attribute_set_id: 3, entity_type_id: 3, attribute_set_name: 'Default' },
    ],
    eav_attribute_group: [
      { attribute_group_id: 7, attribute_set_id: 4, sort_order: 2 },
      { attribute_group_id: 8, attribute_set_id: 4, sort_order: 1 },
    ],
    eav_entity_attribute: [
      { attribute_set_id: 4, attribute_group_id: 7, attribute_id: IMAGE, sort_order: 1 },
      { attribute_set_id: 4, attribute_group_id: 7, attribute_id: SMALL_IMAGE, sort_order: 2 },
      { attribute_set_id: 4, attribute_group_id: 8, attribute_id: BACK_IMAGE, sort_order: 9 },
      { attribute_set_id: 4, attribute_group_id: 7, attribute_id: GALLERY, sort_order: 3 },
      { attribute_set_id: 9, attribute_group_id: 7, attribute_id: IMAGE, sort_order: 1 },
    ],
    catalog_product_entity: [
      product(10, 'Kamera'),
      product(11, 'KAMERA '),
      product(12, null),
      product(13, 'gone', 777),
      product(14, 'disabled'),
      product(15, 'voucher', 9),
    ],
    catalog_product_entity_int: [10, 11, 12, 13, 15].flatMap((id) => seen(id, 1)).concat(seen(14, 2)),
    catalog_product_website: [10, 11, 14].map((product_id) => ({ product_id, website_id: 1 })),
    catalog_product_entity_media_gallery: [
      image(1, 10, '/s/h/shared.gif'),
      image(2, 10, '/m/i/missing.jpg'),
      image(3, 10, '/../../etc/passwd'),
      image(4, 11, '/s/h/shared.gif'),
      image(5, 12, null),
      image(6, 10, '/s/h/shared.gif'),
      image(7, 99, '/o/r/orphan.gif'),
      image(8, 14, '/u/m/ümläut \'"\\.GIF'.replace('\\', '')),
      image(9, 10, '/o/t/other.gif', IMAGE),
    ],
    catalog_product_entity_media_gallery_value: [
      values(1, 0, 'It\'s a "label"\n\\ \u0000 ü', 3),
      values(1, 5, '', null, 1),
      values(2, 0, null, 1),
      values(3, 5, 'nur hier', 7),
      values(4, 0, 'Shared', 1),
      values(6, 0, 'Twice', 9),
      values(1, 9, 'of a store view that is gone', 1),
      values(77, 0, 'of no image', 1),
    ],
    catalog_product_entity_varchar: [
      type(IMAGE, 10, 0, '/s/h/shared.gif'),
      type(IMAGE, 10, 5, 'no_selection'),
      type(SMALL_IMAGE, 10, 0, '/n/o/nowhere.jpg'),
      type(SMALL_IMAGE, 10, 5, '/m/i/missing.jpg'),
      type(BACK_IMAGE, 10, 0, 'no_selection'),
      type(IMAGE, 11, 0, '/s/h/shared.gif'),
      type(71, 10, 0, 'a name'),
    ],
    api_user: [
      { user_id: 1, username: 'erp', api_key: keyHash, is_active: 1 },
      { user_id: 2, username: 'retired', api_key: keyHash, is_active: 0 },
      { user_id: 3, username: 'norole', api_key: keyHash, is_active: 1 },
      { user_id: 4, username: 'twice', api_key: keyHash, is_active: 1 },
    ],
    api_role: [
      { role_id: 1, parent_id: 0, tree_level: 0, role_type: 'G', user_id: 0, role_name: 'everything' },
      { role_id: 2, parent_id: 0, tree_level: 0, role_type: 'G', user_id: 0, role_name: 'reading' },
      { role_id: 7, parent_id: 2, tree_level: 0, role_type: 'G', user_id: 0, role_name: 'below reading' },
      { role_id: 3, parent_id: 1, tree_level: 1, role_type: 'U', user_id: 1, role_name: 'E' },
      { role_id: 4, parent_id: 1, tree_level: 1, role_type: 'U', user_id: 2, role_name: 'R' },
      { role_id: 5, parent_id: 1, tree_level: 1, role_type: 'U', user_id: 4, role_name: 'T' },
      { role_id: 6, parent_id: 2, tree_level: 1, role_type: 'U', user_id: 4, role_name: 'T' },
    ],
    api_rule: [
      { rule_id: 1, role_id: 1, resource_id: 'all', api_permission: 'allow' },
      { rule_id: 2, role_id: 1, resource_id: 'catalog', api_permission: 'deny' },
      { rule_id: 3, role_id: 2, resource_id: 'catalog/product/media', api_permission: 'deny' },
      { rule_id: 4, role_id: 2, resource_id: 'catalog/product/media', api_permission: 'allow' },
      { rule_id: 5, role_id: 2, resource_id: 'catalog/product/media/remove', api_permission: 'deny' },
      { rule_id: 6, role_id: 7, resource_id: 'catalog/product/media/create', api_permission: 'allow' },
    ],
    admin_user: [
      { user_id: 1, username: 'boss', is_active: 1 },
      { user_id: 2, username: 'reader', is_active: 1 },
      { user_id: 3, username: 'gone', is_active: 0 },
      { user_id: 4, username: 'nobody', is_active: 1 },
    ],
    oauth_consumer: [{ entity_id: 1, name: 'PIM', key: CONSUMER_KEY, secret: SECRET, callback_url: null }],
    oauth_token: [
      token(1, 1, 'a', {}),
      token(2, 2, 'b', {}),
      token(3, 3, 'c', {}),
      token(4, 1, 'd', { authorized: 0 }),
      token(5, 1, 'e', { revoked: 1 }),
      token(6, 4, 'f', {}),
    ],
    api2_acl_role: [
      { entity_id: 1, role_name: 'Guest' },
      { entity_id: 2, role_name: 'Customer' },
      { entity_id: 3, role_name: 'All' },
      { entity_id: 4, role_name: 'Readers' },
    ],
    api2_acl_rule: [
      { entity_id: 1, role_id: 1, resource_id: 'product_image', privilege: 'retrieve' },
      { entity_id: 2, role_id: 3, resource_id: 'all', privilege: null },
      { entity_id: 3, role_id: 4, resource_id: 'product_image', privilege: 'retrieve' },
    ],
    api2_acl_user: [
      { admin_id: 1, role_id: 3 },
      { admin_id: 2, role_id: 4 },
    ],
    api2_acl_attribute: [
      { entity_id: 1, user_type: 'admin', resource_id: 'all', operation: '', allowed_attributes: null },
      {
        entity_id: 2,
        user_type: 'guest',
        resource_id: 'product_image',
        operation: 'read',
        allowed_attributes: 'id,label,url',
      },
    ],
  }
}

export const CONSUMER_KEY = 'ck'.padEnd(32, '0')
export const SECRET = 'cs'.padEnd(32, '0')

/** Returns the token that {@link madeShop} has under a letter. */
export function madeToken(letter: string): { readonly key: string; readonly secret: string } {
  return { key: letter.padEnd(32, '1'), secret: letter.padEnd(32, '2') }
}

function token(
  entity_id: number,
  admin_id: number,
  letter: string,
  others: Readonly<Record<string, SqlValue>>,
) {
  const { key, secret } = madeToken(letter)
  return {
    entity_id,
    consumer_id: 1,
    admin_id,
    customer_id: null,
    type: 'access',
    token: key,
    secret,
    verifier: null,
    callback_url: 'oob',
    revoked: 0,
    authorized: 1,
    created_at: '2014-01-02 03:04:05',
    ...others,
  }
}

/** Writes the tables as a dump, with a table between them that no import needs. */
export function dumpOf(tables: MadeTables, form: DumpForm = {}): string {
  const { prefix = '', isOfProgram = true } = form
  const parts = Object.entries(tables).map(([name, rows]) => tableOf(prefix + name, rows, form))
  const others = `CREATE TABLE \`${prefix}log_visitor\` (\`id\` int, \`note\` varchar(9));\nINSERT INTO \`${prefix}log_visitor\` VALUES (1,'a;\\'b'),(2,'(');\n`
  const head = isOfProgram ? '/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n' : ''
  const tail = isOfProgram ? '-- Dump completed on 2014-01-02\n' : ''
  return `${head}/*!40101 SET NAMES utf8 */;\nSET SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO';\n${[parts[0], others, ...parts.slice(1)].join('')}${tail}`
}

function tableOf(name: string, rows: MadeTables[string], form: DumpForm): string {
  const columns = Object.keys(rows[0] ?? {})
  const list = columns.map((column) => `\`${column}\``).join(', ')
  const definition = columns.map((column) => `  \`${column}\` varchar(255) DEFAULT NULL COMMENT 'a, b (c)'`)
  const create = `DROP TABLE IF EXISTS \`${name}\`;\nCREATE TABLE \`${name}\` (\n${definition.join(',\n')},\n  PRIMARY KEY (\`${columns[0]}\`)\n) ENGINE=InnoDB;\nLOCK TABLES \`${name}\` WRITE;\n`
  const written = rows.map(
    (row) => `(${columns.map((column) => literal(row[column] ?? null, form)).join(',')})`,
  )
  const into = form.isComplete
    ? `INSERT  INTO \`${name}\` (${list}) VALUES `
    : `INSERT INTO \`${name}\` VALUES `
  const inserts = form.isSingle
    ? written.map((row) => `${into}${row};\n`)
    : [`${into}${written.join(',\n')};\n`]
  return `${form.isComplete ? '' : create}${inserts.join('')}UNLOCK TABLES;\n`
}

function literal(value: SqlValue, { isHex = false }: DumpForm): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (isHex && value !== '') return `0x${Buffer.from(value).toString('hex')}`
  const escaped = value
    .toString()
    .replace(/[\\']/g, (character) => `\\${character}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\0', '\\0')
  return `'${escaped}'`
}
