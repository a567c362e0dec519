import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'galleries with their values and types, and a row for each stored file'

/** Galleries with their values and types per store view, and a row for each stored file. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('media_file', (table) => {
    table.text('path').primary().comment('where the file is served; taken for good')
    table.text('storage_key').notNullable().unique().comment('where its bytes are')
    table.text('format').notNullable()
    table.integer('width').notNullable()
    table.integer('height').notNullable()
    table.bigInteger('size').notNullable()
    table.binary('sha256').notNullable()
    table.timestamp('created_at', { useTz: true }).notNullable().defaultTo(knex.fn.now())
    table.timestamp('modified_at', { useTz: true }).notNullable().defaultTo(knex.fn.now())
    table.check("path ~ '^/[A-Za-z0-9_-]/[A-Za-z0-9_-]/[A-Za-z0-9_.-]+$'", [], 'media_file_path_form')
    table.check("format IN ('jpeg', 'png', 'gif')", [], 'media_file_format_known')
    table.check('width > 0 AND height > 0 AND size > 0', [], 'media_file_not_empty')
    table.check('octet_length(sha256) = 32', [], 'media_file_sha256_length')
  })

  await knex.schema.createTable('media_file_name', (table) => {
    table
      .text('name')
      .primary()
      .comment('a path without suffix; the row is locked while one of its paths is claimed')
    table.integer('next_suffix').notNullable().comment('every suffix below is taken')
  })

  await knex.schema.createTable('catalog_product_entity_media_gallery', (table) => {
    table.increments('value_id')
    table
      .integer('entity_id')
      .notNullable()
      .references('entity_id')
      .inTable('catalog_product_entity')
      .onDelete('CASCADE')
    table.text('value').notNullable().unique().references('path').inTable('media_file')
    table.unique(['entity_id', 'value_id'])
  })

  await knex.schema.createTable('catalog_product_entity_media_gallery_value', (table) => {
    table
      .integer('value_id')
      .notNullable()
      .references('value_id')
      .inTable('catalog_product_entity_media_gallery')
      .onDelete('CASCADE')
    table.integer('store_id').notNullable().references('store_id').inTable('core_store').onDelete('CASCADE')
    table.text('label')
    table.bigInteger('position').notNullable()
    table.integer('disabled').notNullable()
    table.primary(['value_id', 'store_id'])
    table.index('store_id')
    table.check('position BETWEEN 0 AND 4294967295', [], 'media_gallery_value_position_range')
    table.check('disabled BETWEEN 0 AND 65535', [], 'media_gallery_value_disabled_range')
  })

  await knex.schema.createTable('catalog_product_entity_media_type', (table) => {
    table
      .integer('entity_id')
      .notNullable()
      .references('entity_id')
      .inTable('catalog_product_entity')
      .onDelete('CASCADE')
    table.integer('store_id').notNullable().references('store_id').inTable('core_store').onDelete('CASCADE')
    table.text('type_code').notNullable()
    table.integer('value_id').comment("an image of the same product; null is Magento's no_selection")
    table.primary(['entity_id', 'store_id', 'type_code'])
    table
      .foreign(['entity_id', 'value_id'])
      .references(['entity_id', 'value_id'])
      .inTable('catalog_product_entity_media_gallery')
    table.index(['entity_id', 'value_id'])
    table.index('store_id')
    table.check("type_code IN ('image', 'small_image', 'thumbnail')", [], 'media_type_code_known')
  })
}

export async function down(knex: Knex): Promise<void> {
  const tables = [
    'catalog_product_entity_media_type',
    'catalog_product_entity_media_gallery_value',
    'catalog_product_entity_media_gallery',
    'media_file_name',
    'media_file',
  ]
  for (const table of tables) await knex.schema.dropTable(table)
}
