import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'the row that /readyz writes'

/** What `/readyz` writes, to prove that the database takes a write: one row, whose time changes. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('server_readiness', (table) => {
    table.smallint('id').primary().comment('always 1')
    table.timestamp('proven_at', { useTz: true }).notNullable()
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('server_readiness')
}
