import { isIP } from 'node:net'
import { z } from 'zod'
import { nearest } from '../contract/nearest'
import { PlainError } from '../contract/plainError'
import { imagePresetFile } from './imagePresets'

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

const size = z
  .string()
  .regex(/^[0-9]+ *(?:b|kb|mb|gb)?$/i, 'a size such as 64MB')
  .transform((text) => {
    const [, number = '', unit = ''] = /^([0-9]+) *([a-z]*)$/i.exec(text) ?? []
    return Number(number) * (UNITS[unit.toLowerCase()] ?? 1)
  })

const wholeNumber = (lowest: number, highest: number) => {
  const expected = `a whole number from ${lowest} to ${highest}`
  return z
    .string()
    .regex(/^[0-9]+$/, expected)
    .transform(Number)
    .pipe(z.number().min(lowest, expected).max(highest, expected))
}

const seconds = wholeNumber(1, 86_400)

/** A day, which begins at midnight UTC. */
const day = z.iso
  .date({ error: 'a day such as 2027-06-30' })
  .transform((text) => new Date(`${text}T00:00:00Z`))

const yesOrNo = z.stringbool({ error: 'true or false' })

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'an http or https URL' })
  .refine(isPlain, 'an http or https URL without user, query or fragment')
  .transform((url) => url.replace(/\/+$/, ''))

function isPlain(url: string): boolean {
  if (!URL.canParse(url)) return true
  return !/[?#]/.test(url) && new URL(url).username === '' && new URL(url).password === ''
}

/** A key of 32 bytes: 64 digits in hex, or base64. The hex form, read as base64, would be 48 bytes. */
const encryptionKey = z
  .string()
  .regex(/^(?:[0-9A-Fa-f]{64}|[A-Za-z0-9+/]{43}=?)$/, '32 bytes in base64 or hex')
  .transform((text) => Buffer.from(text, text.length === 64 ? 'hex' : 'base64'))

/** A location `s3://bucket/prefix`, without characters that a URL would escape. */
const s3Location = z
  .string()
  .regex(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[\w-][\w.-]*)*\/*$/,
    's3://bucket or s3://bucket/prefix',
  )
  .transform((text) => {
    const [bucket = '', ...directories] = text.replace(/^s3:\/\/|\/+$/g, '').split('/')
    return { bucket, prefix: directories.join('/') }
  })

const s3Region = z.string().regex(/^[a-z0-9-]+$/, 'a region such as eu-central-1')

/** A text that can stand in a header. */
const credential = z.string().regex(/^[!-~]+$/, 'characters of ASCII without spaces')

/** The passphrase that seals the secret key of a backup. */
export const passphrase = z.string().min(12, 'at least 12 characters')
/** Long enough that nobody finds it by guesses. */
const controlToken = z.string().regex(/^[!-~]{16,}$/, 'at least 16 characters of ASCII without spaces')

/** A part of a path, but none that is a route of its own. */
const adminPath = z
  .string()
  .regex(
    /^(?!(?:_keepsake|console|metrics|healthz|readyz|api|oauth|media|index)$)[A-Za-z0-9_-]{1,64}$/,
    'letters, digits, _ and -, and no path that is in use',
  )

const databaseUrl = z.url({ protocol: /^postgres(?:ql)?$/, error: 'a postgres URL' })

const NAMED_NETWORKS: readonly string[] = ['loopback', 'linklocal', 'uniquelocal']

const addressList = z
  .string()
  .transform((list) => list.split(',').map((address) => address.trim()))
  .refine((list) => list.every(isNetwork), 'addresses and networks such as 10.0.0.0/8, comma-separated')

function isNetwork(text: string): boolean {
  if (NAMED_NETWORKS.includes(text)) return true
  const [, address = '', prefix] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? []
  const bits = isIP(address) === 6 ? 128 : 32
  const length = Number(prefix ?? bits)
  return isIP(address) !== 0 && length >= 1 && length <= bits
}

const hostNames = z
  .string()
  .transform((list) => list.split(',').map((name) => name.trim().toLowerCase()))
  .refine(
    (list) => list.every((name) => /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name)),
    'host names without ports, comma-separated',
  )

/** A setting: where it is read from, what it may be, and what it is when nobody says. */
interface Setting<Schema extends z.ZodType = z.ZodType, Fallback extends string | null = string | null> {
  readonly environment: string
  /** AWS's own variables for this setting. They count only if KEEPSAKE_STORE is set. */
  readonly awsNames?: readonly string[]
  /** The flag in Commander's form; absent for a setting that should not be on a command line. */
  readonly flag?: string
  readonly help: string
  readonly schema: Schema
  readonly fallback: Fallback
  /** Present for a value that no message may show. */
  readonly isSecret?: true
  /**
   * Whether a variable without a value is an error: without this setting, the server would let somebody in, or take
   * another database, directory or store. An empty value of any other setting counts as none.
   */
  readonly isNeverEmpty?: true
}

const setting = <Schema extends z.ZodType<unknown, string>, Fallback extends string | null>(
  definition: Setting<Schema, Fallback>,
) => definition

/** The table of the server's settings. Flags, environment variables, defaults and `--help` follow from it. */
export const SETTINGS = {
  host: setting({
    environment: 'KEEPSAKE_HOST',
    flag: '--host <address>',
    help: 'address to listen on',
    schema: z.string().min(1, 'an address'),
    fallback: '127.0.0.1',
  }),
  port: setting({
    environment: 'KEEPSAKE_PORT',
    flag: '--port <number>',
    help: 'port to listen on; 0 takes a free one',
    schema: wholeNumber(0, 65535),
    fallback: '8080',
  }),
  dataDir: setting({
    environment: 'KEEPSAKE_DATA_DIR',
    flag: '--data-dir <directory>',
    help: 'where images, and the embedded database, are kept',
    schema: z.string().min(1, 'a directory'),
    fallback: 'keepsake-data',
    isNeverEmpty: true,
  }),
  memory: setting({
    environment: 'KEEPSAKE_MEMORY',
    flag: '--memory',
    help: 'keep everything in memory: a throw-away server',
    schema: yesOrNo,
    fallback: 'false',
  }),
  store: setting({
    environment: 'KEEPSAKE_STORE',
    help: 'an S3-compatible store for images, s3://bucket/prefix; without it, the data directory',
    schema: s3Location,
    fallback: null,
    isNeverEmpty: true,
  }),
  s3Endpoint: setting({
    environment: 'KEEPSAKE_S3_ENDPOINT',
    awsNames: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'],
    help: "URL of the S3-compatible store; without it, Amazon's",
    schema: httpUrl,
    fallback: null,
    isNeverEmpty: true,
  }),
  s3Region: setting({
    environment: 'KEEPSAKE_S3_REGION',
    awsNames: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    help: 'region of the S3-compatible store, or AWS_REGION',
    schema: s3Region,
    fallback: 'us-east-1',
    isNeverEmpty: true,
  }),
  s3AccessKeyId: setting({
    environment: 'KEEPSAKE_S3_ACCESS_KEY_ID',
    awsNames: ['AWS_ACCESS_KEY_ID'],
    help: 'access key of the S3-compatible store, or AWS_ACCESS_KEY_ID',
    schema: credential,
    fallback: null,
    isSecret: true,
    isNeverEmpty: true,
  }),
  s3SecretAccessKey: setting({
    environment: 'KEEPSAKE_S3_SECRET_ACCESS_KEY',
    awsNames: ['AWS_SECRET_ACCESS_KEY'],
    help: 'its secret, or AWS_SECRET_ACCESS_KEY',
    schema: credential,
    fallback: null,
    isSecret: true,
    isNeverEmpty: true,
  }),
  s3SessionToken: setting({
    environment: 'KEEPSAKE_S3_SESSION_TOKEN',
    awsNames: ['AWS_SESSION_TOKEN'],
    help: 'the session token of temporary credentials, or AWS_SESSION_TOKEN',
    schema: credential,
    fallback: null,
    isSecret: true,
    isNeverEmpty: true,
  }),
  s3CredentialsFile: setting({
    environment: 'KEEPSAKE_S3_CREDENTIALS_FILE',
    help: 'a file of credentials in the form of AWS, in place of these three; read again when it changes',
    schema: z.string().min(1, 'a file'),
    fallback: null,
    isNeverEmpty: true,
  }),
  databaseUrl: setting({
    environment: 'DATABASE_URL',
    help: 'a PostgreSQL 13 or later; without it, one is embedded',
    schema: databaseUrl,
    fallback: null,
    isSecret: true,
    isNeverEmpty: true,
  }),
  poolSize: setting({
    environment: 'KEEPSAKE_POOL_SIZE',
    help: 'connections to PostgreSQL',
    schema: wholeNumber(1, 1000),
    fallback: '10',
  }),
  poolQueue: setting({
    environment: 'KEEPSAKE_POOL_QUEUE',
    help: 'transactions that may wait for a connection to PostgreSQL; more are turned away at once',
    schema: wholeNumber(1, 100_000),
    fallback: '200',
  }),
  connectTimeout: setting({
    environment: 'KEEPSAKE_CONNECT_TIMEOUT',
    help: 'seconds to connect to PostgreSQL, and to wait for a connection of the pool',
    schema: seconds,
    fallback: '10',
  }),
  statementTimeout: setting({
    environment: 'KEEPSAKE_STATEMENT_TIMEOUT',
    help: 'seconds that a statement may take, and that a transaction may stand still',
    schema: seconds,
    fallback: '30',
  }),
  statements: setting({
    environment: 'KEEPSAKE_STATEMENTS',
    help: 'named, or unnamed behind a PgBouncer in transaction mode: nothing then outlasts a transaction',
    schema: z.enum(['named', 'unnamed'], { error: 'named or unnamed' }),
    fallback: 'named',
  }),
  migrate: setting({
    environment: 'KEEPSAKE_MIGRATE',
    help: 'bring the database to the schema of this version at start',
    schema: yesOrNo,
    fallback: 'true',
    isNeverEmpty: true,
  }),
  baseUrl: setting({
    environment: 'KEEPSAKE_BASE_URL',
    flag: '--base-url <url>',
    help: 'public URL, for the WSDL and image URLs; without it, the URL that was asked',
    schema: httpUrl,
    fallback: null,
    isNeverEmpty: true,
  }),
  adminPath: setting({
    environment: 'KEEPSAKE_ADMIN_PATH',
    help: "the front name of Magento's admin, below which OAuth is authorized",
    schema: adminPath,
    fallback: 'admin',
  }),
  trustedProxies: setting({
    environment: 'KEEPSAKE_TRUSTED_PROXIES',
    help: 'addresses and networks, comma-separated, whose X-Forwarded-Proto, -Host and -For count',
    schema: addressList,
    fallback: null,
  }),
  sessionLifetime: setting({
    environment: 'KEEPSAKE_SESSION_LIFETIME',
    help: 'seconds after which an unused session expires',
    schema: wholeNumber(1, 31_536_000),
    fallback: '3600',
  }),
  secretKey: setting({
    environment: 'KEEPSAKE_SECRET_KEY',
    help: '32 bytes, base64 or hex, that encrypt OAuth secrets; without it, secret.key in the data directory',
    schema: encryptionKey,
    fallback: null,
    isSecret: true,
    isNeverEmpty: true,
  }),
  oauthTimestampWindow: setting({
    environment: 'KEEPSAKE_OAUTH_TIMESTAMP_WINDOW',
    help: 'seconds after which a signed request is too old',
    schema: wholeNumber(1, 31_536_000),
    fallback: '600',
  }),
  oauthPlaintextOverHttp: setting({
    environment: 'KEEPSAKE_OAUTH_PLAINTEXT_OVER_HTTP',
    help: "take OAuth's PLAINTEXT from other machines over http too, where it can be read and sent again",
    schema: yesOrNo,
    fallback: 'false',
  }),
  bodyLimit: setting({
    environment: 'KEEPSAKE_BODY_LIMIT',
    help: 'largest request body, unpacked',
    schema: size,
    fallback: '64MB',
  }),
  headersTimeout: setting({
    environment: 'KEEPSAKE_HEADERS_TIMEOUT',
    help: 'seconds in which the head of a request must come',
    schema: seconds,
    fallback: '20',
  }),
  bodyTimeout: setting({
    environment: 'KEEPSAKE_BODY_TIMEOUT',
    help: 'seconds in which the body of a request must come, and in which a client must take some of its answer',
    schema: seconds,
    fallback: '300',
  }),
  keepAlive: setting({
    environment: 'KEEPSAKE_KEEP_ALIVE',
    help: 'seconds that a connection is kept for the next request',
    schema: seconds,
    fallback: '65',
  }),
  drain: setting({
    environment: 'KEEPSAKE_DRAIN',
    help: 'seconds that a server which is told to stop goes on to answer while /readyz fails',
    schema: wholeNumber(0, 3600),
    fallback: '0',
  }),
  maxRequests: setting({
    environment: 'KEEPSAKE_MAX_REQUESTS',
    help: 'requests that are worked on at once; more are turned away',
    schema: wholeNumber(1, 100_000),
    fallback: '500',
  }),
  bodiesLimit: setting({
    environment: 'KEEPSAKE_BODIES_LIMIT',
    help: 'bytes of request bodies held at once, and at least one whole body that the heap bears; more are turned away',
    schema: size,
    fallback: '128MB',
  }),
  v2Wsdl: setting({
    environment: 'KEEPSAKE_V2_WSDL',
    help: 'what ?wsdl means at /api/v2_soap/: v2 or wsi; ?wsdl&wsi=1 and &wsi=0 ask for either',
    schema: z.enum(['v2', 'wsi'], { error: 'v2 or wsi' }),
    fallback: 'v2',
  }),
  profile: setting({
    environment: 'KEEPSAKE_PROFILE',
    help: 'which Magento is answered as: 1.9, 1.5 for clients made from its WSDL, or lts20, OpenMage 20 on PHP 8.1',
    schema: z.enum(['1.9', '1.5', 'lts20'], { error: '1.9, 1.5 or lts20' }),
    fallback: '1.9',
  }),
  imageHashes: setting({
    environment: 'KEEPSAKE_IMAGE_HASHES',
    help: 'hashes of the bytes that an image is shown with, in every protocol: none, as in Magento, md5, sha256 or md5,sha256',
    schema: z
      .enum(['none', 'md5', 'sha256', 'md5,sha256'], { error: 'none, md5, sha256 or md5,sha256' })
      .transform((list) => (['md5', 'sha256'] as const).filter((hash) => list.split(',').includes(hash))),
    fallback: 'none',
  }),
  extensionMethods: setting({
    environment: 'KEEPSAKE_EXTENSION_METHODS',
    help: 'whether product_media has the methods createAndReturnInfo and md5, which extensions of Magento added',
    schema: yesOrNo,
    fallback: 'false',
  }),
  sameImage: setting({
    environment: 'KEEPSAKE_SAME_IMAGE',
    help: 'what a create of bytes that the gallery has already makes: new, as in Magento, or reuse',
    schema: z.enum(['new', 'reuse'], { error: 'new or reuse' }),
    fallback: 'new',
  }),
  maxPixels: setting({
    environment: 'KEEPSAKE_MAX_PIXELS',
    help: 'images with more pixels are refused',
    schema: wholeNumber(1, 268_402_689),
    fallback: '50000000',
  }),
  decodeConcurrency: setting({
    environment: 'KEEPSAKE_DECODE_CONCURRENCY',
    help: 'images that are decoded at once',
    schema: wholeNumber(1, 64),
    fallback: '2',
  }),
  decodeTimeout: setting({
    environment: 'KEEPSAKE_DECODE_TIMEOUT',
    help: 'seconds after which the decoding of an image, or the making of a variant, is given up',
    schema: wholeNumber(1, 600),
    fallback: '20',
  }),
  imagePresets: setting({
    environment: 'KEEPSAKE_IMAGE_PRESETS',
    flag: '--image-presets <file>',
    help: 'a JSON file of the sizes in which images are served, as docs/guides/image-presets.md tells',
    schema: imagePresetFile,
    fallback: null,
  }),
  oldKeysUntil: setting({
    environment: 'KEEPSAKE_OLD_KEYS_UNTIL',
    help: 'from this day on, refuse imported API keys that no login has renewed, such as 2027-06-30 (UTC)',
    schema: day,
    fallback: null,
    isNeverEmpty: true,
  }),
  loginFailuresPerUser: setting({
    environment: 'KEEPSAKE_LOGIN_FAILURES_PER_USER',
    help: 'failed logins after which a user name is blocked for a while; 0 for no limit',
    schema: wholeNumber(0, 1_000_000),
    fallback: '10',
  }),
  loginFailuresPerAddress: setting({
    environment: 'KEEPSAKE_LOGIN_FAILURES_PER_ADDRESS',
    help: 'failed logins after which an address is blocked for a while; 0 for no limit',
    schema: wholeNumber(0, 1_000_000),
    fallback: '50',
  }),
  loginLongestBlock: setting({
    environment: 'KEEPSAKE_LOGIN_LONGEST_BLOCK',
    help: 'seconds that such a block, which begins with one, may grow to, and that a failure is remembered',
    schema: wholeNumber(1, 86_400),
    fallback: '900',
  }),
  double: setting({
    environment: 'KEEPSAKE_DOUBLE',
    flag: '--double',
    help: 'be a test double: the control API below /_keepsake is open to whoever reaches the port',
    schema: yesOrNo,
    fallback: 'false',
  }),
  doubleHosts: setting({
    environment: 'KEEPSAKE_DOUBLE_HOSTS',
    help: 'host names, comma-separated, under which an open control API answers too, such as those of containers',
    schema: hostNames,
    fallback: null,
  }),
  controlToken: setting({
    environment: 'KEEPSAKE_CONTROL_TOKEN',
    help: 'be a test double whose control API is for those who know this token, of 16 characters or more',
    schema: controlToken,
    fallback: null,
    isSecret: true,
    isNeverEmpty: true,
  }),
  console: setting({
    environment: 'KEEPSAKE_CONSOLE',
    flag: '--console',
    help: 'serve the console at /console/, for API users whose role allows everything; a test double does so anyway',
    schema: yesOrNo,
    fallback: 'false',
  }),
  controlPort: setting({
    environment: 'KEEPSAKE_CONTROL_PORT',
    help: "port of its own for the control API and the console; without it, they are on the API's",
    schema: wholeNumber(0, 65535),
    fallback: null,
  }),
  controlHost: setting({
    environment: 'KEEPSAKE_CONTROL_HOST',
    help: 'address on which that port is',
    schema: z.string().min(1, 'an address'),
    fallback: '127.0.0.1',
  }),
  magicSkus: setting({
    environment: 'KEEPSAKE_MAGIC_SKUS',
    flag: '--magic-skus',
    help: 'answer calls for products such as keepsake-fault-104 as docs/reference/faults.md tells; never in production',
    schema: yesOrNo,
    fallback: 'false',
  }),
  loose: setting({
    environment: 'KEEPSAKE_LOOSE',
    flag: '--loose',
    help: 'a test double makes unknown products and users on first use, and takes any key',
    schema: yesOrNo,
    fallback: 'false',
  }),
  deterministicIds: setting({
    environment: 'KEEPSAKE_DETERMINISTIC_IDS',
    flag: '--deterministic-ids',
    help: 'a test double gives out session ids in an order that repeats from each reset on',
    schema: yesOrNo,
    fallback: 'false',
  }),
  journalSize: setting({
    environment: 'KEEPSAKE_JOURNAL_SIZE',
    help: 'how many of the last requests a test double remembers',
    schema: wholeNumber(1, 1_000_000),
    fallback: '1000',
  }),
  journalBytes: setting({
    environment: 'KEEPSAKE_JOURNAL_BYTES',
    help: 'memory that they may take together, whichever is less',
    schema: size,
    fallback: '64MB',
  }),
  metricsPort: setting({
    environment: 'KEEPSAKE_METRICS_PORT',
    help: 'port on which /metrics is served to Prometheus; without it, nothing is measured',
    schema: wholeNumber(0, 65535),
    fallback: null,
  }),
  metricsHost: setting({
    environment: 'KEEPSAKE_METRICS_HOST',
    help: 'address on which /metrics is served',
    schema: z.string().min(1, 'an address'),
    fallback: '127.0.0.1',
  }),
  backupPassphrase: setting({
    environment: 'KEEPSAKE_BACKUP_PASSPHRASE',
    help: 'seals the secret key in a backup, and opens it in a restore; at least 12 characters',
    schema: passphrase,
    fallback: null,
    isSecret: true,
    isNeverEmpty: true,
  }),
  backupPassphraseFile: setting({
    environment: 'KEEPSAKE_BACKUP_PASSPHRASE_FILE',
    help: 'a file whose first line is that passphrase',
    schema: z.string().min(1, 'a file'),
    fallback: null,
    isNeverEmpty: true,
  }),
  logLevel: setting({
    environment: 'KEEPSAKE_LOG_LEVEL',
    help: 'trace, debug, info, warn, error, fatal or silent',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'trace, debug, info, warn, error, fatal or silent',
    }),
    fallback: 'info',
  }),
} as const

export type SettingName = keyof typeof SETTINGS

type Parsed<S extends Setting> = S['fallback'] extends null
  ? z.output<S['schema']> | null
  : z.output<S['schema']>

export type Settings = { readonly [Name in SettingName]: Parsed<(typeof SETTINGS)[Name]> }

/** A setting has an invalid value. The message is one line that names the setting. */
export class SettingsError extends PlainError {
  override readonly name = 'SettingsError'
  override readonly exitCode = 2
}

/** The prefix of all variables of this project; DATABASE_URL alone goes without. */
const PREFIX = /^KEEPSAKE_/i
/** Variables that commands read, and that are no settings. */
const OTHER_VARIABLES = ['KEEPSAKE_API_KEY', 'KEEPSAKE_COMPARE_KEY'] as const

/** Names each variable that looks like a setting and is none, in a line that names the setting that is nearest to it. */
export function unknownSettings(environment: NodeJS.ProcessEnv): readonly string[] {
  const known: readonly string[] = [
    ...Object.values(SETTINGS).map((definition) => definition.environment),
    ...OTHER_VARIABLES,
  ]
  return Object.keys(environment)
    .filter((name) => PREFIX.test(name) && !known.includes(name))
    .map((name) => `${name}: there is no such setting${meant(name, known)}`)
}

/** Compares what stands behind the prefix, because the prefix makes all names alike. */
function meant(name: string, known: readonly string[]): string {
  const unprefixed = (variable: string) => variable.replace(PREFIX, '')
  const found = nearest(unprefixed(name), known.map(unprefixed))
  const variable = known.find((candidate) => unprefixed(candidate) === found)
  return variable === undefined ? '' : `; the nearest is ${variable}`
}

/** Reads every setting: from the flags, then the environment, then its default. @throws SettingsError */
export function readSettings(
  flags: Readonly<Partial<Record<SettingName, unknown>>>,
  environment: NodeJS.ProcessEnv,
): Settings {
  const names = Object.keys(SETTINGS) as SettingName[]
  const settings = Object.fromEntries(
    names.map((name) => [name, readSetting(name, flags[name], environment)]),
  ) as Settings
  requireWholeStore(settings)
  requireDouble(settings)
  requireControl(settings)
  return settings
}

function readSetting(name: SettingName, flag: unknown, environment: NodeJS.ProcessEnv): unknown {
  const definition: Setting = SETTINGS[name]
  const { schema, fallback } = definition
  if (flag === undefined) refuseEmpty(definition, environment)
  const variable = variableOf(definition, environment)
  const given = flag ?? (environment[variable] || undefined)
  const text = given === undefined ? fallback : String(given)
  if (text === null) return null
  const result = schema.safeParse(text)
  if (result.success) return result.data
  const source = flag === undefined ? variable : (definition.flag?.split(' ')[0] ?? variable)
  const shown = definition.isSecret ? 'something else' : JSON.stringify(text)
  throw new SettingsError(`${source}: expected ${result.error.issues[0]?.message}, got ${shown}`)
}

/** @throws SettingsError */
function refuseEmpty({ environment: variable, isNeverEmpty }: Setting, environment: NodeJS.ProcessEnv): void {
  if (!isNeverEmpty || environment[variable] !== '') return
  throw new SettingsError(`${variable}: expected a value, got an empty one; unset it to do without`)
}

/** The variable that says it: the setting's own, or the first of AWS's that is there. */
function variableOf(
  { environment: own, awsNames = [], isSecret }: Setting,
  environment: NodeJS.ProcessEnv,
): string {
  if (environment[own] || !environment[SETTINGS.store.environment]) return own
  // Keepsake's and AWS's variables are not mixed: a key of one and a token of the other would not fit.
  if (isSecret && CREDENTIALS.some((name) => environment[SETTINGS[name].environment])) return own
  return awsNames.find((name) => environment[name]) ?? own
}

const CREDENTIALS = ['s3AccessKeyId', 's3SecretAccessKey', 's3SessionToken', 's3CredentialsFile'] as const

const DOUBLE_ONLY = ['loose', 'deterministicIds'] as const

function requireDouble(settings: Settings): void {
  if (settings.double || settings.controlToken !== null) return
  const name = DOUBLE_ONLY.find((setting) => settings[setting])
  if (name === undefined) return
  const { environment, flag } = SETTINGS[name]
  throw new SettingsError(
    `${environment} or ${flag}: expected --double, KEEPSAKE_DOUBLE or KEEPSAKE_CONTROL_TOKEN with it`,
  )
}

/** A port on which nothing would answer is a mistake that its operator wants to hear of. */
function requireControl({ controlPort, console, double, controlToken }: Settings): void {
  if (controlPort === null || console || double || controlToken !== null) return
  throw new SettingsError(
    'KEEPSAKE_CONTROL_PORT: expected KEEPSAKE_CONSOLE, KEEPSAKE_DOUBLE or KEEPSAKE_CONTROL_TOKEN with it',
  )
}

function requireWholeStore(settings: Settings): void {
  const { store, memory, s3CredentialsFile, s3AccessKeyId, s3SecretAccessKey, s3SessionToken } = settings
  if (store === null) return
  if (memory)
    throw new SettingsError(
      'KEEPSAKE_STORE: not together with KEEPSAKE_MEMORY or --memory, which keep images in memory',
    )
  if (s3CredentialsFile !== null) {
    if ([s3AccessKeyId, s3SecretAccessKey, s3SessionToken].every((given) => given === null)) return
    throw new SettingsError(
      'KEEPSAKE_S3_CREDENTIALS_FILE: not together with KEEPSAKE_S3_ACCESS_KEY_ID, _SECRET_ACCESS_KEY or _SESSION_TOKEN',
    )
  }
  if (s3AccessKeyId === null || s3SecretAccessKey === null)
    throw new SettingsError(
      'KEEPSAKE_STORE: expected KEEPSAKE_S3_ACCESS_KEY_ID and KEEPSAKE_S3_SECRET_ACCESS_KEY with it, or KEEPSAKE_S3_CREDENTIALS_FILE',
    )
}
