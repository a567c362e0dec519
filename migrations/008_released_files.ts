import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'when replaced bytes were released'

/** When replaced bytes were released, from which time on they wait to be deleted. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('media_released', (table) => {
    table.text('storage_key').primary().comment('where the bytes are, until they are deleted')
    table.timestamp('released_at', { useTz: true }).notNullable()
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('media_released')
}
