import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'API users, their roles and rules, and sessions'

/** API users, their roles and rules, and sessions; named after Magento's tables. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('api_role', (table) => {
    table.increments('role_id')
    table.text('role_name').notNullable().unique()
  })

  await knex.schema.createTable('api_rule', (table) => {
    table.integer('role_id').notNullable().references('role_id').inTable('api_role').onDelete('CASCADE')
    table.text('resource_id').notNullable()
    table.primary(['role_id', 'resource_id'])
  })

  await knex.schema.createTable('api_user', (table) => {
    table.increments('user_id')
    table.text('username').notNullable()
    table
      .text('username_key')
      .notNullable()
      .unique()
      .comment('the user name in lower case, by which it is found')
    table.text('api_key_hash').notNullable().comment('scrypt, with its parameters and salt')
    table.boolean('is_active').notNullable().defaultTo(true)
    table.integer('role_id').references('role_id').inTable('api_role').onDelete('SET NULL').index()
  })

  await knex.schema.createTable('api_session', (table) => {
    table.binary('session_hash').primary().comment('SHA-256 of the session id')
    table.integer('user_id').references('user_id').inTable('api_user').onDelete('CASCADE').index()
    table.timestamp('seen_at', { useTz: true }).notNullable().index()
    table.check('octet_length(session_hash) = 32', [], 'api_session_hash_length')
  })
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['api_session', 'api_user', 'api_rule', 'api_role']) await knex.schema.dropTable(table)
}
