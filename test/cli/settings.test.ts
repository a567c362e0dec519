import { readSettings, SETTINGS, SettingsError } from '../../src/settings'
import { keepsake } from '../support/cli'

describe('a setting', () => {
  it('is its default when nobody says', () => {
    expect(readSettings({}, {})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      dataDir: 'keepsake-data',
      memory: false,
      databaseUrl: null,
      baseUrl: null,
      trustedProxies: null,
      sessionLifetime: 3600,
      secretKey: null,
      oauthTimestampWindow: 600,
      bodyLimit: 64 * 1024 * 1024,
      imagePresets: null,
      logLevel: 'info',
    })
  })

  it('is what the environment says before its default', () => {
    expect(readSettings({}, { KEEPSAKE_PORT: '81' }).port).toBe(81)
  })

  it('is what the flag says before the environment', () => {
    expect(readSettings({ port: '82' }, { KEEPSAKE_PORT: '81' }).port).toBe(82)
  })

  it('is its default when the environment says nothing in an empty value', () => {
    expect(readSettings({}, { KEEPSAKE_PORT: '', KEEPSAKE_BASE_URL: '' })).toMatchObject({
      port: 8080,
      baseUrl: null,
    })
  })

  it.each([
    ['KEEPSAKE_BODY_LIMIT', '10', { bodyLimit: 10 }],
    ['KEEPSAKE_BODY_LIMIT', '10 kb', { bodyLimit: 10_240 }],
    ['KEEPSAKE_BODY_LIMIT', '1GB', { bodyLimit: 1024 ** 3 }],
    ['KEEPSAKE_MEMORY', 'yes', { memory: true }],
    ['KEEPSAKE_MEMORY', '0', { memory: false }],
    ['KEEPSAKE_BASE_URL', 'https://shop.example/old//', { baseUrl: 'https://shop.example/old' }],
    ['KEEPSAKE_TRUSTED_PROXIES', 'loopback, 10.0.0.0/8', { trustedProxies: ['loopback', '10.0.0.0/8'] }],
    ['KEEPSAKE_OAUTH_TIMESTAMP_WINDOW', '60', { oauthTimestampWindow: 60 }],
    ['KEEPSAKE_SECRET_KEY', 'ab'.repeat(32), { secretKey: Buffer.alloc(32, 0xab) }],
    ['KEEPSAKE_SECRET_KEY', Buffer.alloc(32, 0xfe).toString('base64'), { secretKey: Buffer.alloc(32, 0xfe) }],
    ['DATABASE_URL', 'postgresql://u:p@h/d', { databaseUrl: 'postgresql://u:p@h/d' }],
  ])('%s=%s is understood', (variable, value, expected) => {
    expect(readSettings({}, { [variable]: value })).toMatchObject(expected)
  })

  it.each([
    ['KEEPSAKE_PORT', '65536', 'a whole number from 0 to 65535'],
    ['KEEPSAKE_PORT', '-1', 'a whole number from 0 to 65535'],
    ['KEEPSAKE_PORT', '80x', 'a whole number from 0 to 65535'],
    ['KEEPSAKE_MEMORY', 'maybe', 'true or false'],
    ['KEEPSAKE_BASE_URL', 'ftp://shop.example', 'an http or https URL'],
    ['KEEPSAKE_BASE_URL', 'shop.example', 'an http or https URL'],
    [
      'KEEPSAKE_TRUSTED_PROXIES',
      'proxy.example',
      'addresses and networks such as 10.0.0.0/8, comma-separated',
    ],
    ['KEEPSAKE_TRUSTED_PROXIES', '10.0.0.0/33', 'addresses and networks such as 10.0.0.0/8, comma-separated'],
    ['KEEPSAKE_SESSION_LIFETIME', '0', 'a whole number from 1 to 31536000'],
    ['KEEPSAKE_OAUTH_TIMESTAMP_WINDOW', '0', 'a whole number from 1 to 31536000'],
    ['KEEPSAKE_BODY_LIMIT', 'much', 'a size such as 64MB'],
    ['KEEPSAKE_MAX_PIXELS', '0', 'a whole number from 1 to 268402689'],
    ['KEEPSAKE_DECODE_CONCURRENCY', '0', 'a whole number from 1 to 64'],
    ['KEEPSAKE_POOL_SIZE', '1001', 'a whole number from 1 to 1000'],
    ['KEEPSAKE_LOG_LEVEL', 'loud', 'trace, debug, info, warn, error, fatal or silent'],
  ])('%s=%s is refused in one line', (variable, value, expected) => {
    expect(() => readSettings({}, { [variable]: value })).toThrow(
      new SettingsError(`${variable}: expected ${expected}, got ${JSON.stringify(value)}`),
    )
  })

  it('is never shown when it may hold a password', () => {
    expect(() => readSettings({}, { DATABASE_URL: 'mysql://user:secret@host/shop' })).toThrow(
      new SettingsError('DATABASE_URL: expected a postgres URL, got something else'),
    )
  })

  it.each(['secret', 'ab'.repeat(31), 'ab'.repeat(33), Buffer.alloc(31).toString('base64')])(
    'is never shown when it is a key: %s',
    (key) => {
      expect(() => readSettings({}, { KEEPSAKE_SECRET_KEY: key })).toThrow(
        new SettingsError('KEEPSAKE_SECRET_KEY: expected 32 bytes in base64 or hex, got something else'),
      )
    },
  )

  it('is no flag when it is a secret', () => {
    expect(SETTINGS.secretKey).not.toHaveProperty('flag')
  })
})

describe('a command with a bad setting', () => {
  it.each([
    [
      'the flag',
      ['start', '--port', 'http'],
      {},
      '--port: expected a whole number from 0 to 65535, got "http"',
    ],
    [
      'the flag, when the environment is good',
      ['start', '--port', 'http'],
      { KEEPSAKE_PORT: '0' },
      '--port: expected a whole number from 0 to 65535, got "http"',
    ],
    [
      'the variable',
      ['user', 'list'],
      { KEEPSAKE_LOG_LEVEL: 'loud' },
      'KEEPSAKE_LOG_LEVEL: expected trace, debug, info, warn, error, fatal or silent, got "loud"',
    ],
    [
      'the variable, in one line even for a value of several',
      ['start'],
      { KEEPSAKE_HOST: '0.0.0.0', KEEPSAKE_MEMORY: 'yes\nno' },
      'KEEPSAKE_MEMORY: expected true or false, got "yes\\nno"',
    ],
  ])('ends with 2 and one line that names %s', async (_name, args, environment, message) => {
    expect(await keepsake(args, environment)).toEqual({
      code: 2,
      stdout: '',
      stderr: `keepsake: ${message}\n`,
    })
  })
})
