import { sql } from '../support/databases'
import { ADMIN, OAUTH_SEED } from '../support/oauth'
import { errorOf, GIF, type RestClient, restClient } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'

/** Roles of REST, as an import of a Magento shop leaves them. */

let server: TestServer
let admin: RestClient
let guest: RestClient
let image: string

const run = (text: string, values: readonly unknown[] = []) =>
  server.storage.database.query(sql(text), values)

beforeAll(async () => {
  server = await startTestServer({
    seed: JSON.stringify({ ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED }),
    environment: { KEEPSAKE_MEMORY: 'true' },
  })
  admin = restClient(server.url, 'admin')
  guest = restClient(server.url, null)
  image = await admin.add('/products/1/images', { label: 'One', position: 3, exclude: 0 })
})

afterAll(() => server.stop())

beforeEach(async () => {
  await run('UPDATE oauth_token SET admin_id = NULL')
  for (const table of ['api2_acl_user', 'admin_user', 'api2_acl_attribute', 'api2_acl_role'])
    await run(`DELETE FROM ${table}`)
})

/** Gives the guests' role and that of the administrator of the token these rights. */
async function roles(ofGuests: readonly string[], ofAdministrator: readonly string[] | null): Promise<void> {
  await run(
    "INSERT INTO api2_acl_role (entity_id, role_name) VALUES (1, 'Guest'), (2, 'Customer'), (3, 'Own')",
  )
  await run('INSERT INTO admin_user (user_id, username, is_active) VALUES (7, $1, true)', ['boss'])
  await run('UPDATE oauth_token SET admin_id = 7 WHERE token = $1', [ADMIN.key])
  if (ofAdministrator) await run('INSERT INTO api2_acl_user (admin_id, role_id) VALUES (7, 3)')
  for (const [role, privileges] of [
    [1, ofGuests],
    [3, ofAdministrator ?? []],
  ] as const)
    for (const privilege of privileges)
      await run('INSERT INTO api2_acl_rule (role_id, resource_id, privilege) VALUES ($1, $2, $3)', [
        role,
        privilege === 'all' ? 'all' : 'product_image',
        privilege === 'all' ? null : privilege,
      ])
}

async function fields(
  userType: string,
  operation: string,
  allowed: string | null,
  resource = 'product_image',
) {
  await run('INSERT INTO api2_acl_attribute VALUES ($1, $2, $3, $4)', [
    userType,
    resource,
    operation,
    allowed,
  ])
}

const path = '/products/1/images'

test('without roles, guests read, and an administrator does anything', async () => {
  expect(await guest.get(`${path}/${image}`)).toMatchObject({ label: 'One', position: '3' })
  expect((await admin.put(`${path}/${image}`, { position: 3 })).status).toBe(200)
})

test('a role that may not read is answered with 403, and so is an administrator without a role', async () => {
  await roles([], null)
  expect(errorOf(await guest.send('GET', path))).toBe('403 Access denied')
  expect(errorOf(await admin.send('GET', path))).toBe('403 Access denied')
  expect(errorOf(await admin.put(`${path}/${image}`, { position: 9 }))).toBe('403 Access denied')
})

test('a role that may only read cannot change anything', async () => {
  await roles(['retrieve'], ['retrieve'])
  await fields('admin', '', null, 'all')
  expect(await admin.get(`${path}/${image}`)).toMatchObject({ label: 'One', exclude: '0' })
  for (const [method, target] of [
    ['POST', path],
    ['PUT', `${path}/${image}`],
    ['DELETE', `${path}/${image}`],
  ] as const) {
    const body = JSON.stringify({ file_mime_type: 'image/gif', file_content: GIF })
    expect(errorOf(await admin.send(method, target, { body }))).toBe('403 Access denied')
  }
})

test('only the fields are shown that the rules of the kind of caller name, in lists and alone', async () => {
  await roles(['retrieve'], ['all'])
  await fields('guest', 'read', 'id,url')
  await fields('admin', 'read', 'id,label')
  expect(await admin.get(path)).toEqual([{ id: image, label: 'One' }])
  expect(await guest.get(`${path}/${image}`)).toEqual({
    id: image,
    url: expect.stringContaining('/media/catalog/product/'),
  })
})

test('fields that may not be written are left alone', async () => {
  await roles([], ['all'])
  await fields('admin', 'write', 'label')
  await fields('admin', 'read', 'label,position')
  expect((await admin.put(`${path}/${image}`, { label: 'Two', position: 9 })).status).toBe(200)
  expect(await admin.get(`${path}/${image}`)).toEqual({ label: 'Two', position: '3' })
  await admin.put(`${path}/${image}`, { label: 'One' })
})

test('a token that was issued here is not bound by the roles', async () => {
  await roles([], null)
  await run('UPDATE oauth_token SET admin_id = NULL')
  expect((await admin.put(`${path}/${image}`, { position: 3 })).status).toBe(200)
})

test('a product that is disabled, or not visible on its own, is 404 for guests alone', async () => {
  await run('INSERT INTO catalog_product_visibility VALUES (1, 0, 1, 4)')
  const seen = async () => [(await guest.send('GET', path)).status, (await admin.send('GET', path)).status]
  expect(await seen()).toEqual([200, 200])
  for (const [status, visibility] of [
    [2, 4],
    [1, 1],
    [null, null],
  ]) {
    await run('UPDATE catalog_product_visibility SET status = $1, visibility = $2', [status, visibility])
    expect(await seen()).toEqual([404, 200])
  }
  await run('INSERT INTO catalog_product_visibility VALUES (1, 1, 1, 4)')
  expect(await seen()).toEqual([200, 200])
  await run('DELETE FROM catalog_product_visibility')
})
