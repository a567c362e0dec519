import { foreignSecretsWarning } from '../../src/store/access/foreignSecrets'
import { saveAccessToken, saveConsumer } from '../../src/store/access/oauthRows'
import { SecretBox } from '../../src/store/access/secretBox'
import { passingSecretKey } from '../../src/store/access/secretKey'
import { describeOnEachDatabase, sql } from '../support/databases'
import { secretBox } from '../support/secrets'

const KEY = 'k'.repeat(32)
const TOKEN = 't'.repeat(32)
const others = new SecretBox(passingSecretKey())

describeOnEachDatabase('a warning of secrets of another key', (opened) => {
  const warning = () => foreignSecretsWarning(opened().database, secretBox)

  const add = (box: SecretBox, key: string) =>
    saveConsumer(opened().database, box, {
      key,
      name: 'Importer',
      signsWith: { kind: 'secret', secret: 'secret' },
      callbackUrl: null,
    })

  const issue = (box: SecretBox) =>
    saveAccessToken(opened().database, box, {
      consumer: KEY,
      user: 'admin',
      token: TOKEN,
      secret: 'secret',
      isRevoked: false,
    })

  beforeEach(async () => {
    await opened().database.query(sql('TRUNCATE oauth_consumer CASCADE'))
  })

  test('is not given when there are none, or all are of this key', async () => {
    expect(await warning()).toBeNull()
    await add(secretBox, KEY)
    await issue(secretBox)
    expect(await warning()).toBeNull()
  })

  test('counts those of consumers and of tokens', async () => {
    await add(secretBox, KEY)
    await issue(others)
    expect(await warning()).toMatch(/^1 OAuth secrets .* another key .* KEEPSAKE_SECRET_KEY$/)
    await add(others, 'o'.repeat(32))
    expect(await warning()).toMatch(/^2 OAuth secrets /)
  })

  test('is not given for a consumer without a secret, nor for a token that was revoked', async () => {
    const signsWith = { kind: 'rsa', publicKey: 'a public key' } as const
    await saveConsumer(opened().database, others, { key: KEY, name: 'Signer', signsWith, callbackUrl: null })
    await issue(others)
    await opened().database.query(sql('UPDATE oauth_token SET revoked = true'))
    expect(await warning()).toBeNull()
  })
})
