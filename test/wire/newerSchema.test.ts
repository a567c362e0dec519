import { sql } from '../support/databases'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer } from '../support/server'
import { login } from '../support/soap'

const tables = sql("SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'")

it('a server that runs goes on while a later version adds to the schema below it', async () => {
  const server = await startTestServer({ seed: SMALL_SHOP })
  try {
    const client = await login(server.url)
    const content = (await picture('gif')).toString('base64')
    const round = async () => {
      const file = String(
        await client.call('product_media.create', 'Sku', {
          file: { mime: 'image/gif', content },
          label: 'a',
        }),
      )
      expect(await client.call('product_media.update', 'Sku', file, { label: 'b' }, 'german')).toBe(true)
      expect(await client.call('product_media.list', 'Sku', 'german')).toMatchObject([{ file, label: 'b' }])
      expect(await client.call('product_media.remove', 'Sku', file)).toBe(true)
      await login(server.url)
    }
    await round()
    const { database } = server.storage
    for (const { name } of await database.query<{ name: string }>(tables)) {
      await database.query(sql(`ALTER TABLE ${name} ADD COLUMN of_a_later_version text DEFAULT 'x'`))
    }
    await database.query(sql('CREATE TABLE of_a_later_version (id integer)'))
    // Statements that were prepared before, and new ones.
    await round()
    await round()
  } finally {
    await server.stop()
  }
})
