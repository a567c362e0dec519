import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readSettings, SETTINGS, SettingsError, unknownSettings } from '../../src/settings/settings'
import { keepsake } from '../support/cli'
import { temporaryDirectory } from '../support/server'

const PAGE = readFileSync(path.join(__dirname, '../../docs/reference/settings.md'), 'utf8')

const NEVER_EMPTY = [
  'KEEPSAKE_DATA_DIR',
  'KEEPSAKE_STORE',
  'KEEPSAKE_S3_ENDPOINT',
  'KEEPSAKE_S3_REGION',
  'KEEPSAKE_S3_ACCESS_KEY_ID',
  'KEEPSAKE_S3_SECRET_ACCESS_KEY',
  'KEEPSAKE_S3_SESSION_TOKEN',
  'KEEPSAKE_S3_CREDENTIALS_FILE',
  'DATABASE_URL',
  'KEEPSAKE_MIGRATE',
  'KEEPSAKE_BASE_URL',
  'KEEPSAKE_SECRET_KEY',
  'KEEPSAKE_OLD_KEYS_UNTIL',
  'KEEPSAKE_CONTROL_TOKEN',
  'KEEPSAKE_BACKUP_PASSPHRASE',
  'KEEPSAKE_BACKUP_PASSPHRASE_FILE',
]

describe('a setting', () => {
  it('is its default when nobody says', () => {
    expect(readSettings({}, {})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      dataDir: 'keepsake-data',
      memory: false,
      store: null,
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
    expect(readSettings({}, { KEEPSAKE_PORT: '', KEEPSAKE_TRUSTED_PROXIES: '' })).toMatchObject({
      port: 8080,
      trustedProxies: null,
    })
  })

  it.each(NEVER_EMPTY)('is refused in an empty value where it guards or selects: %s', (variable) => {
    expect(() => readSettings({}, { [variable]: '' })).toThrow(
      new SettingsError(`${variable}: expected a value, got an empty one; unset it to do without`),
    )
  })

  it('is what the flag says, whatever the environment does not say', () => {
    expect(readSettings({ dataDir: 'shop' }, { KEEPSAKE_DATA_DIR: '' }).dataDir).toBe('shop')
  })

  it('guards or selects where the page of settings says so, and nowhere else', () => {
    const marked = Object.values(SETTINGS).filter((setting) => 'isNeverEmpty' in setting)
    expect(marked.map(({ environment }) => environment)).toEqual(NEVER_EMPTY)
    const [said = ''] = /^- A variable without a value.*?\n- /ms.exec(PAGE) ?? []
    const named = [...said.replace(/^.*counts as absent/, '').matchAll(/`([A-Z0-9_]+)`/g)]
    expect(named.map(([, variable]) => variable)).toEqual(NEVER_EMPTY)
  })

  it.each([
    ['KEEPSAKE_CONTROL_TOKN', '; the nearest is KEEPSAKE_CONTROL_TOKEN'],
    ['keepsake_port', '; the nearest is KEEPSAKE_PORT'],
    ['KEEPSAKE_DATABASE_URL', '; the nearest is DATABASE_URL'],
    ['KEEPSAKE_SOMETHING_ELSE', ''],
  ])('is told of a variable that is none, with the one that is nearest: %s', (variable, nearest) => {
    expect(unknownSettings({ [variable]: 'x' })).toEqual([`${variable}: there is no such setting${nearest}`])
  })

  it('is not told of where a variable is known, or is of somebody else', () => {
    const others = { KEEPSAKE_API_KEY: 'key', PATH: '/bin', DATABASE_URLS: 'x' }
    const known = Object.values(SETTINGS).map(({ environment }) => [environment, 'x'])
    expect(unknownSettings({ ...others, ...Object.fromEntries(known) })).toEqual([])
  })

  it('is a control token of 16 characters or more, which no message shows', () => {
    expect(readSettings({}, { KEEPSAKE_CONTROL_TOKEN: 'a'.repeat(16) }).controlToken).toBe('a'.repeat(16))
    for (const token of ['a'.repeat(15), `${'a'.repeat(15)} b`])
      expect(() => readSettings({}, { KEEPSAKE_CONTROL_TOKEN: token })).toThrow(
        new SettingsError(
          'KEEPSAKE_CONTROL_TOKEN: expected at least 16 characters of ASCII without spaces, got something else',
        ),
      )
  })

  it('is a list of host names without ports', () => {
    expect(readSettings({}, { KEEPSAKE_DOUBLE_HOSTS: 'Keepsake, double.internal' }).doubleHosts).toEqual([
      'keepsake',
      'double.internal',
    ])
    expect(() => readSettings({}, { KEEPSAKE_DOUBLE_HOSTS: 'keepsake:8080' })).toThrow(
      new SettingsError(
        'KEEPSAKE_DOUBLE_HOSTS: expected host names without ports, comma-separated, got "keepsake:8080"',
      ),
    )
  })

  it.each([
    ['KEEPSAKE_BODY_LIMIT', '10', { bodyLimit: 10 }],
    ['KEEPSAKE_BODY_LIMIT', '10 kb', { bodyLimit: 10_240 }],
    ['KEEPSAKE_BODY_LIMIT', '1GB', { bodyLimit: 1024 ** 3 }],
    ['KEEPSAKE_BODIES_LIMIT', '1GB', { bodiesLimit: 1024 ** 3 }],
    ['KEEPSAKE_STATEMENT_TIMEOUT', '5', { statementTimeout: 5 }],
    ['KEEPSAKE_MEMORY', 'yes', { memory: true }],
    ['KEEPSAKE_MEMORY', '0', { memory: false }],
    ['KEEPSAKE_BASE_URL', 'https://shop.example/old//', { baseUrl: 'https://shop.example/old' }],
    ['KEEPSAKE_ADMIN_PATH', 'back-office', { adminPath: 'back-office' }],
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
    ['KEEPSAKE_ADMIN_PATH', 'media', 'letters, digits, _ and -, and no path that is in use'],
    ['KEEPSAKE_ADMIN_PATH', 'a/b', 'letters, digits, _ and -, and no path that is in use'],
    ['KEEPSAKE_TRUSTED_PROXIES', '10.0.0.0/33', 'addresses and networks such as 10.0.0.0/8, comma-separated'],
    ['KEEPSAKE_SESSION_LIFETIME', '0', 'a whole number from 1 to 31536000'],
    ['KEEPSAKE_OAUTH_TIMESTAMP_WINDOW', '0', 'a whole number from 1 to 31536000'],
    ['KEEPSAKE_BODY_LIMIT', 'much', 'a size such as 64MB'],
    ['KEEPSAKE_MAX_PIXELS', '0', 'a whole number from 1 to 268402689'],
    ['KEEPSAKE_DECODE_CONCURRENCY', '0', 'a whole number from 1 to 64'],
    ['KEEPSAKE_DECODE_TIMEOUT', '0', 'a whole number from 1 to 600'],
    ['KEEPSAKE_POOL_SIZE', '1001', 'a whole number from 1 to 1000'],
    ['KEEPSAKE_MAX_REQUESTS', '0', 'a whole number from 1 to 100000'],
    ['KEEPSAKE_BODY_TIMEOUT', '0', 'a whole number from 1 to 86400'],
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

describe('the settings of an S3 store', () => {
  const OURS = {
    KEEPSAKE_STORE: 's3://shop-images/old/shop',
    KEEPSAKE_S3_ACCESS_KEY_ID: 'ours',
    KEEPSAKE_S3_SECRET_ACCESS_KEY: 'our/secret+1',
  }
  const OF_AWS = {
    AWS_ACCESS_KEY_ID: 'theirs',
    AWS_SECRET_ACCESS_KEY: 'their/secret+1',
    AWS_SESSION_TOKEN: 'their/token==',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: 'http://objects.example:9000/',
  }

  it.each([
    ['s3://shop-images', { bucket: 'shop-images', prefix: '' }],
    ['s3://shop-images/', { bucket: 'shop-images', prefix: '' }],
    ['s3://shop.images/old/shop_1/', { bucket: 'shop.images', prefix: 'old/shop_1' }],
  ])('name a bucket, and a prefix if there is one: %s', (location, store) => {
    expect(readSettings({}, { ...OURS, KEEPSAKE_STORE: location })).toMatchObject({
      store,
      s3Endpoint: null,
      s3Region: 'us-east-1',
      s3AccessKeyId: 'ours',
      s3SecretAccessKey: 'our/secret+1',
      s3SessionToken: null,
    })
  })

  it.each([
    'shop-images',
    's3:shop-images',
    's3://',
    's3://Shop',
    's3://shop-images/../other',
    's3://shop-images//a',
    's3://shop-images/a?b',
    'http://shop-images',
  ])('refuse what names none: %s', (location) => {
    expect(() => readSettings({}, { ...OURS, KEEPSAKE_STORE: location })).toThrow(
      new SettingsError(
        `KEEPSAKE_STORE: expected s3://bucket or s3://bucket/prefix, got ${JSON.stringify(location)}`,
      ),
    )
  })

  it("are AWS's where our own are not there", () => {
    expect(readSettings({}, { KEEPSAKE_STORE: 's3://shop-images', ...OF_AWS })).toMatchObject({
      s3Endpoint: 'http://objects.example:9000',
      s3Region: 'eu-central-1',
      s3AccessKeyId: 'theirs',
      s3SecretAccessKey: 'their/secret+1',
      s3SessionToken: 'their/token==',
    })
  })

  it("never mix our key with AWS's token", () => {
    expect(readSettings({}, { ...OURS, ...OF_AWS })).toMatchObject({
      s3Region: 'eu-central-1',
      s3AccessKeyId: 'ours',
      s3SecretAccessKey: 'our/secret+1',
      s3SessionToken: null,
    })
  })

  it("may be a file in place of credentials, with which AWS's do not count", () => {
    const store = { KEEPSAKE_STORE: 's3://shop-images', KEEPSAKE_S3_CREDENTIALS_FILE: '/run/secrets/s3' }
    expect(readSettings({}, { ...store, ...OF_AWS })).toMatchObject({
      s3CredentialsFile: '/run/secrets/s3',
      s3Region: 'eu-central-1',
      s3AccessKeyId: null,
      s3SecretAccessKey: null,
      s3SessionToken: null,
    })
    expect(() => readSettings({}, { ...OURS, ...store })).toThrow(
      new SettingsError(
        'KEEPSAKE_S3_CREDENTIALS_FILE: not together with KEEPSAKE_S3_ACCESS_KEY_ID, _SECRET_ACCESS_KEY or _SESSION_TOKEN',
      ),
    )
  })

  it("are not AWS's when no store is named", () => {
    expect(readSettings({}, { ...OF_AWS, AWS_ENDPOINT_URL: 'no URL' })).toMatchObject({
      s3Endpoint: null,
      s3AccessKeyId: null,
    })
  })

  it('name the variable that is wrong, and never show a secret', () => {
    const store = { KEEPSAKE_STORE: 's3://shop-images' }
    expect(() => readSettings({}, { ...store, ...OF_AWS, AWS_ENDPOINT_URL: 'objects' })).toThrow(
      new SettingsError('AWS_ENDPOINT_URL: expected an http or https URL, got "objects"'),
    )
    expect(() => readSettings({}, { ...OURS, KEEPSAKE_S3_SECRET_ACCESS_KEY: 'two words' })).toThrow(
      new SettingsError(
        'KEEPSAKE_S3_SECRET_ACCESS_KEY: expected characters of ASCII without spaces, got something else',
      ),
    )
  })

  it.each([
    [
      'without credentials',
      { KEEPSAKE_STORE: 's3://shop-images' },
      'KEEPSAKE_STORE: expected KEEPSAKE_S3_ACCESS_KEY_ID and KEEPSAKE_S3_SECRET_ACCESS_KEY with it, or KEEPSAKE_S3_CREDENTIALS_FILE',
    ],
    [
      'with half of them',
      { KEEPSAKE_STORE: OURS.KEEPSAKE_STORE, KEEPSAKE_S3_ACCESS_KEY_ID: 'ours', ...OF_AWS },
      'KEEPSAKE_STORE: expected KEEPSAKE_S3_ACCESS_KEY_ID and KEEPSAKE_S3_SECRET_ACCESS_KEY with it, or KEEPSAKE_S3_CREDENTIALS_FILE',
    ],
    [
      'of a server that keeps everything in memory',
      { ...OURS, KEEPSAKE_MEMORY: 'true' },
      'KEEPSAKE_STORE: not together with KEEPSAKE_MEMORY or --memory, which keep images in memory',
    ],
  ])('are refused %s', (_case, environment, message) => {
    expect(() => readSettings({}, environment)).toThrow(new SettingsError(message))
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
    [
      'what only a test double can have',
      ['start', '--loose'],
      {},
      'KEEPSAKE_LOOSE or --loose: expected --double, KEEPSAKE_DOUBLE or KEEPSAKE_CONTROL_TOKEN with it',
    ],
    [
      'the variable that opens the control API when it says nothing',
      ['start', '--double'],
      { KEEPSAKE_CONTROL_TOKEN: '' },
      'KEEPSAKE_CONTROL_TOKEN: expected a value, got an empty one; unset it to do without',
    ],
    [
      'the variable without which there would be an empty shop',
      ['user', 'list'],
      { DATABASE_URL: '' },
      'DATABASE_URL: expected a value, got an empty one; unset it to do without',
    ],
  ])('ends with 2 and one line that names %s', async (_name, args, environment, message) => {
    expect(await keepsake(args, environment)).toEqual({
      code: 2,
      stdout: '',
      stderr: `keepsake: ${message}\n`,
    })
  })
})

it('a command warns of a variable that is no setting, and goes on', async () => {
  const { directory, remove } = await temporaryDirectory()
  try {
    const environment = { KEEPSAKE_DATA_DIR: directory, KEEPSAKE_DOUBEL: 'true' }
    const { code, stderr } = await keepsake(['store', 'list'], environment)
    expect([code, stderr.trim().split('\n').length]).toEqual([0, 1])
    expect(JSON.parse(stderr)).toMatchObject({
      level: 40,
      msg: 'KEEPSAKE_DOUBEL: there is no such setting; the nearest is KEEPSAKE_DOUBLE',
    })
  } finally {
    await remove()
  }
})
