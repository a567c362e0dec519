import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'failed logins'

/** Failed logins, counted for a user name and for an address. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('login_failure', (table) => {
    table.binary('subject').primary().comment('SHA-256 of the kind with the folded name or the address')
    table.integer('failures').notNullable()
    table.timestamp('failed_at', { useTz: true }).notNullable().index()
    table.check('octet_length(subject) = 32', [], 'login_failure_subject_length')
    table.check('failures > 0', [], 'login_failure_failures_positive')
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('login_failure')
}
