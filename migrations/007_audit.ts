import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'who changed which image when'

/** Who changed which image when. No row refers to another: what it says is to outlast what it is about. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('media_audit', (table) => {
    table.bigIncrements('change_id')
    table.timestamp('changed_at', { useTz: true, precision: 3 }).notNullable()
    table.text('action').notNullable()
    table.integer('product_id').notNullable()
    table.text('sku').notNullable().comment('the SKU that the product had')
    table.text('sku_key').notNullable().comment('the SKU in lower case, by which changes are found')
    table.integer('store_id').notNullable()
    table.text('store_code').notNullable()
    table.integer('image_id').notNullable()
    table.text('path').notNullable()
    table.text('username').comment('the API user, or the operator who authorized the token')
    table.text('consumer').comment('the name of the OAuth consumer')
    table
      .text('author_key')
      .notNullable()
      .comment('the user or else the consumer in lower case, by which changes are found')
    table.text('token').comment('the OAuth token, without its secret')
    table.text('protocol').notNullable()
    table.text('client_address').notNullable()
    table.text('label').comment('null, as any value that follows, for what was left alone')
    table.bigInteger('position')
    table.integer('disabled')
    table.specificType('types', 'text[]').comment('all that the image has since')
    table.text('storage_key').comment('where the bytes were put that it got')
    table.binary('sha256').comment('of these bytes')
    table.text('replaced_key').comment('where the bytes are that they replaced')
    table.index(['changed_at', 'change_id'])
    table.index(['sku_key', 'changed_at', 'change_id'])
    table.index(['author_key', 'changed_at', 'change_id'])
    table.check("action IN ('create', 'update', 'remove')", [], 'media_audit_action_known')
    table.check('octet_length(sha256) = 32', [], 'media_audit_sha256_length')
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('media_audit')
}
