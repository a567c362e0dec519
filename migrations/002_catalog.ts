import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'websites, store views, attribute sets and products'

/** Websites, store views, attribute sets and products: what a gallery hangs on. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('core_website', (table) => {
    table.increments('website_id')
    table.text('code').notNullable().unique()
  })

  await knex.schema.createTable('core_store', (table) => {
    table.increments('store_id')
    table.text('code').notNullable().unique()
    table.integer('website_id').notNullable().references('website_id').inTable('core_website').index()
    table.check('store_id >= 0', [], 'core_store_id_not_negative')
  })

  await knex('core_website').insert({ website_id: 0, code: 'admin' })
  await knex('core_store').insert({ store_id: 0, code: 'admin', website_id: 0 })

  await knex.schema.createTable('eav_attribute_set', (table) => {
    table.increments('attribute_set_id')
    table.text('attribute_set_name').notNullable().unique()
    table.boolean('has_media_gallery').notNullable()
  })

  await knex.schema.createTable('catalog_product_entity', (table) => {
    table.increments('entity_id')
    table.text('sku').notNullable()
    table.text('sku_key').notNullable().unique().comment('the SKU in lower case, by which it is found')
    table
      .integer('attribute_set_id')
      .notNullable()
      .references('attribute_set_id')
      .inTable('eav_attribute_set')
      .index()
    table.check("sku <> ''", [], 'catalog_product_entity_sku_not_empty')
    table.check('entity_id > 0', [], 'catalog_product_entity_id_positive')
  })

  await knex.schema.createTable('catalog_product_website', (table) => {
    table
      .integer('product_id')
      .notNullable()
      .references('entity_id')
      .inTable('catalog_product_entity')
      .onDelete('CASCADE')
    table.integer('website_id').notNullable().references('website_id').inTable('core_website').index()
    table.primary(['product_id', 'website_id'])
  })
}

export async function down(knex: Knex): Promise<void> {
  const tables = [
    'catalog_product_website',
    'catalog_product_entity',
    'eav_attribute_set',
    'core_store',
    'core_website',
  ]
  for (const table of tables) await knex.schema.dropTable(table)
}
