import type { Knex } from 'knex'

/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'OAuth consumers, tokens and nonces'

/** OAuth consumers, their tokens, and the nonces that were used; named after Magento's tables. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('oauth_consumer', (table) => {
    table.increments('entity_id')
    table.text('name').notNullable()
    table.text('key').notNullable().unique()
    table.binary('secret').comment('AES-256-GCM; null for a consumer with an RSA key')
    table.text('rsa_public_key').comment('PEM; null for a consumer with a secret')
    table.text('callback_url')
    table.timestamp('created_at', { useTz: true }).notNullable()
    table.check('octet_length(key) = 32', [], 'oauth_consumer_key_length')
    table.check('(secret IS NULL) <> (rsa_public_key IS NULL)', [], 'oauth_consumer_signs_with_one_key')
  })

  await knex.schema.createTable('oauth_token', (table) => {
    table.increments('entity_id')
    table
      .integer('consumer_id')
      .notNullable()
      .references('entity_id')
      .inTable('oauth_consumer')
      .onDelete('CASCADE')
      .index()
    table.text('type').notNullable()
    table.text('token').notNullable().unique()
    table.binary('secret').notNullable().comment('AES-256-GCM')
    table.binary('verifier_hash').comment('SHA-256 of the verifier')
    table.text('callback_url').comment('oob or a URL; null for a token that was issued without the flow')
    table.text('user_type').comment('null until an operator has authorized the token')
    table
      .integer('user_id')
      .references('user_id')
      .inTable('api_user')
      .onDelete('CASCADE')
      .index()
      .comment('the operator who authorized it; null for one that was issued without')
    table.boolean('revoked').notNullable().defaultTo(false)
    table.timestamp('created_at', { useTz: true }).notNullable()
    table.index(['type', 'created_at'])
    table.check("type IN ('request', 'access')", [], 'oauth_token_type_known')
    table.check("user_type IN ('admin', 'customer')", [], 'oauth_token_user_type_known')
    table.check("type = 'request' OR user_type IS NOT NULL", [], 'oauth_token_access_has_user')
    table.check('octet_length(token) = 32', [], 'oauth_token_length')
    table.check('octet_length(verifier_hash) = 32', [], 'oauth_token_verifier_hash_length')
  })

  await knex.schema.createTable('oauth_nonce', (table) => {
    table.bigInteger('timestamp').notNullable().comment('seconds since 1970, as the consumer signed them')
    table
      .integer('consumer_id')
      .notNullable()
      .references('entity_id')
      .inTable('oauth_consumer')
      .onDelete('CASCADE')
      .index()
    table.binary('nonce_hash').notNullable().comment('SHA-256 of the nonce')
    table.primary(['timestamp', 'consumer_id', 'nonce_hash'])
    table.check('octet_length(nonce_hash) = 32', [], 'oauth_nonce_hash_length')
  })
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['oauth_nonce', 'oauth_token', 'oauth_consumer']) await knex.schema.dropTable(table)
}
