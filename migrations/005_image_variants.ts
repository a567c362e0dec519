import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'resized variants of images'

/** The resized variants of images. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('media_variant', (table) => {
    table.text('storage_key').primary().comment('where its bytes are')
    table
      .text('original_key')
      .references('storage_key')
      .inTable('media_file')
      .onUpdate('SET NULL')
      .onDelete('SET NULL')
      .comment('the bytes that it was made of; null once they are replaced, until the variant is dropped')
    table.text('recipe').notNullable().comment('size, fit and all else that its pixels follow from')
    table.text('format').notNullable()
    table.bigInteger('size').notNullable()
    table.binary('sha256').notNullable()
    table.timestamp('created_at', { useTz: true }).notNullable()
    table.unique(['original_key', 'recipe', 'format'])
    table.index('storage_key', 'media_variant_outdated', { predicate: knex.whereNull('original_key') })
    table.check("format IN ('jpeg', 'png', 'gif', 'webp', 'avif')", [], 'media_variant_format_known')
    table.check('size > 0', [], 'media_variant_not_empty')
    table.check('octet_length(sha256) = 32', [], 'media_variant_sha256_length')
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('media_variant')
}
