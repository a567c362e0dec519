import { Command, InvalidArgumentError, Option } from 'commander'
import { MEDIA_ATTRIBUTE_CODE, MEDIA_ATTRIBUTE_SCOPES } from '../catalog/mediaAttribute'
import { LARGEST_ID, readId } from '../contract/storable'
import { version } from '../version'
import * as attributeSets from './attributeSets'
import * as audit from './audit'
import { backup } from './backup'
import * as cache from './cache'
import { settingsFrom, withSettings } from './commandSettings'
import { migrateCommand, seedCommand } from './database'
import { fsck } from './fsck'
import { gc } from './gc'
import { importMagento } from './importMagento'
import { moment } from './moment'
import * as oauth from './oauth'
import * as products from './products'
import { restore } from './restore'
import * as stores from './stores'
import { COMMANDER_OUTPUT } from './terminal'
import * as users from './users'

const DEFAULT_GRACE_HOURS = 24
const DEFAULT_AUDIT_LIMIT = 100
/** A name that nobody types by accident. */
const OVERWRITE = '--overwrite-with-seed'

/** Builds the command line: every command with its arguments, flags and help. */
export function program(): Command {
  const keepsake = new Command('keepsake')
    .description('Answers the Magento 1 product-image API for the scripts that outlived the shop.')
    .version(version())
    .showHelpAfterError('(run with --help for the usage)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(COMMANDER_OUTPUT)
    .hook('preAction', (_keepsake, command) => surviveLostOutput(command.name()))

  withSettings(keepsake.command('start'), 'the server')
    .description('serve the API')
    .option('--seed <file>', 'first add what this seed file names and the database lacks')
    .option(
      OVERWRITE,
      'with --seed: undo what operators have changed since, even a revoked token or a disabled user',
    )
    .option(
      '--attached',
      'for a program that starts it: print the URLs as a line of JSON, and stop when standard input ends',
    )
    .action(async (flags) => {
      // Load this only here: the other commands do not need the protocols, which take longer to load than the
      // commands to run.
      const { start } = await import('./start.js')
      await start(settingsFrom(flags), flags)
    })

  withSettings(keepsake.command('seed'), 'storage')
    .description('add what a seed file names and the database lacks, and tell what differs')
    .argument('<file>', 'a JSON file, as docs/reference/seed-file.md tells')
    .option(OVERWRITE, 'undo what operators have changed since, even a revoked token or a disabled user')
    .action((file, flags) => seedCommand(settingsFrom(flags), file, flags))

  withSettings(keepsake.command('migrate'), 'migration')
    .description('bring the database to the schema of this version')
    .option('--plan', 'say which migrations would run, and what they add, and change nothing')
    .action((flags) => migrateCommand(settingsFrom(flags), flags))

  const imported = keepsake.command('import').description('move a shop in')
  withSettings(imported.command('magento'), 'storage')
    .description(
      'move in a Magento 1 shop, with its images and its users; again, what has changed there since',
    )
    .argument(
      '<source>',
      'an SQL dump, also compressed; - for standard input; or mysql://user:password@host/database',
      notEmpty,
    )
    .option('--media <folder>', 'its media folder, or a tar archive of it', notEmpty)
    .option(
      '--table-prefix <prefix>',
      'what the names of its tables begin with; without it, that is found out',
    )
    .option('--database <name>', 'of a dump of several databases, the one to take', notEmpty)
    .option('--dry-run', 'read everything and print the same report; nothing is changed')
    .addOption(
      new Option(
        '--prefer <side>',
        'what wins where a product or file was changed here, too; without it, what is here',
      ).choices(['source']),
    )
    .option('--delete', 'delete products that the last import had and the shop has no more')
    .option('--report <file>', 'also write the report as JSON', notEmpty)
    .action((source, flags) => importMagento(settingsFrom(flags), source, flags))

  withSettings(keepsake.command('compare'), 'the server')
    .description(
      'ask the old shop and this one the same, and tell what differs; ends with 1 when something does',
    )
    .argument('[wsdl]', 'the address of the WSDL of SOAP v1 of the old shop')
    .requiredOption(
      '--user <name>',
      'an API user of both; its key by KEEPSAKE_COMPARE_KEY, --key-file or typed',
      notEmpty,
    )
    .option('--key-file <file>', 'a file with its key in the first line', notEmpty)
    .option(
      '--products <file>',
      'only the products with these ids, one in a line; no database is read',
      notEmpty,
    )
    .option(
      '--stores <codes>',
      'only these store views, comma-separated; without them, all, or admin beside --products',
      listed,
    )
    .option('--sets <ids>', 'only these attribute sets; without them, all, or none beside --products', listed)
    .option('--sample <number>', 'only so many products, spread over all', positiveInteger)
    .option('--rest', 'also compare what REST lists to guests')
    .option('--bytes', 'also compare the bytes behind each URL, by their SHA-256')
    .option(
      '--media <url>',
      'where the media folder of the old shop is, when its URLs lead elsewhere',
      notEmpty,
    )
    .option('--save <file>', 'only ask the old shop, and save its answers', notEmpty)
    .option('--recorded <file>', 'compare with saved answers, without the old shop', notEmpty)
    .option(
      '--against <url>',
      'the address of the WSDL of a server that runs; without it, this shop is served to this command alone',
      notEmpty,
    )
    .option('--concurrency <number>', 'how many products are asked for at once', positiveInteger, 2)
    .option('--pause <ms>', 'how long to wait after each answer of the old shop', milliseconds, 0)
    .option('--json', 'print each difference, and at last the summary, as a line of JSON')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async (wsdl, flags) => {
      // Loaded only here, as the server is.
      const { compare } = await import('./compare.js')
      await compare(settingsFrom(flags), wsdl, flags)
    })

  const user = keepsake.command('user').description('API users')
  withSettings(user.command('add'), 'storage')
    .description('make an API user; without --key, one is generated and printed')
    .argument('<username>', 'its name', notEmpty)
    .option('--key <key>', 'the API key; KEEPSAKE_API_KEY keeps it off the command line')
    .option('--role <name>', 'the role to give it; made if it is not there', notEmpty, 'all')
    .option('--resources <list>', 'comma-separated access rules of the role, if it is made', 'all')
    .action((username, flags) => users.add(settingsFrom(flags), username, flags))
  withSettings(user.command('list'), 'storage')
    .description('list API users')
    .action((flags) => users.list(settingsFrom(flags)))
  withSettings(user.command('disable'), 'storage')
    .description('disable an API user and end its sessions')
    .argument('<username>', 'its name', notEmpty)
    .action((username, flags) => users.disable(settingsFrom(flags), username))
  withSettings(user.command('set-key'), 'storage')
    .description(
      'give an API user a new key and end its sessions; without --key, one is generated and printed',
    )
    .argument('<username>', 'its name', notEmpty)
    .option('--key <key>', 'the API key; KEEPSAKE_API_KEY keeps it off the command line')
    .action((username, flags) => users.setKey(settingsFrom(flags), username, flags))

  const store = keepsake.command('store').description('store views')
  withSettings(store.command('add'), 'storage')
    .description('make a store view')
    .argument('<code>', 'its code', notEmpty)
    .option('--id <number>', 'its id; without one, the next is taken', positiveInteger)
    .option('--website <code>', 'its website; made if it is not there', notEmpty, 'base')
    .action((code, flags) => stores.add(settingsFrom(flags), code, flags))
  withSettings(store.command('list'), 'storage')
    .description('list store views')
    .action((flags) => stores.list(settingsFrom(flags)))

  const product = keepsake.command('product').description('products')
  withSettings(product.command('add'), 'storage')
    .description('make a product, or change the one with this SKU')
    .argument('<sku>', 'its SKU', notEmpty)
    .option('--id <number>', 'its id; without one, the next is taken', positiveInteger)
    .option('--attribute-set <name>', 'the name of its attribute set; without one, its own, or the first')
    .option('--websites <codes>', 'comma-separated codes of its websites; without them, its own, or all')
    .action((sku, flags) => products.add(settingsFrom(flags), sku, flags))
  withSettings(product.command('list'), 'storage')
    .description('list products')
    .action((flags) => products.list(settingsFrom(flags)))
  withSettings(product.command('import'), 'storage')
    .description('make or change products from a CSV file: all of them, or none if a line is bad')
    .argument(
      '<file>',
      'with a header line: sku, and optionally id, attribute_set, websites (codes joined by |)',
    )
    .action((file, flags) => products.importFile(settingsFrom(flags), file))

  const attributeSet = keepsake.command('attribute-set').description('attribute sets of products')
  withSettings(attributeSet.command('add'), 'storage')
    .description('make an attribute set, or change the one with this name')
    .argument('<name>', 'its name', notEmpty)
    .option('--id <number>', 'its id; without one, the next is taken', positiveInteger)
    .option('--no-gallery', 'calls for the images of its products answer fault 107')
    .option(
      '--media-attributes <codes>',
      'comma-separated codes, in their order; without them, its own, or image,small_image,thumbnail',
      attributeCodes,
    )
    .action((name, flags) => attributeSets.add(settingsFrom(flags), name, flags))
  withSettings(attributeSet.command('list'), 'storage')
    .description('list attribute sets')
    .action((flags) => attributeSets.list(settingsFrom(flags)))

  const attribute = keepsake
    .command('media-attribute')
    .description('attributes whose values are the types of images')
  withSettings(attribute.command('add'), 'storage')
    .description('make a media attribute, or change the one with this code')
    .argument('<code>', 'its code', attributeCode)
    .option('--label <text>', 'its name for people; without one, its own, or its code')
    .addOption(
      new Option('--scope <scope>', 'whose values differ; without one, its own, or store').choices([
        ...MEDIA_ATTRIBUTE_SCOPES,
      ]),
    )
    .action((code, flags) => attributeSets.addAttribute(settingsFrom(flags), code, flags))
  withSettings(attribute.command('list'), 'storage')
    .description('list media attributes')
    .action((flags) => attributeSets.listAttributes(settingsFrom(flags)))

  const oauthCommand = keepsake.command('oauth').description('OAuth consumers and tokens')
  const consumer = oauthCommand.command('consumer').description('programs that may sign requests of REST')
  withSettings(consumer.command('add'), 'storage')
    .description('make a consumer and print its key and secret, which are told this once')
    .argument('<name>', 'its name, which operators see', notEmpty)
    .option('--callback <url>', 'where its operators are sent when it asks with oob')
    .option('--rsa-public-key <file>', 'the PEM file of its RSA key, in place of a secret')
    .action((name, flags) => oauth.addConsumer(settingsFrom(flags), name, flags))
  withSettings(consumer.command('list'), 'storage')
    .description('list consumers')
    .action((flags) => oauth.listConsumers(settingsFrom(flags)))

  const token = oauthCommand.command('token').description('access tokens of consumers')
  withSettings(token.command('issue'), 'storage')
    .description('make an access token and print it with its secret, which is told this once')
    .argument('<consumer-key>', 'the key of its consumer', notEmpty)
    .addOption(
      new Option('--type <type>', 'whom it stands for').choices(['admin', 'customer']).makeOptionMandatory(),
    )
    .action((consumerKey, flags) => oauth.issueToken(settingsFrom(flags), consumerKey, flags.type))
  withSettings(token.command('revoke'), 'storage')
    .description('revoke an access token, at once and for good')
    .argument('<token>', 'the token', notEmpty)
    .action((name, flags) => oauth.revokeToken(settingsFrom(flags), name))
  withSettings(token.command('list'), 'storage')
    .description('list access tokens')
    .action((flags) => oauth.listTokens(settingsFrom(flags)))

  const cached = keepsake.command('cache').description('stored variants of images')
  withSettings(cached.command('warm'), 'resizing')
    .description('make the variants that the images of products lack; broken off, it can be run again')
    .option('--preset <name>', 'only by this preset; may be given several times', addTo)
    .action((flags) => cache.warm(settingsFrom(flags), flags))
  withSettings(cached.command('clear'), 'presets')
    .description('delete stored variants, which are made again when they are asked for')
    .option('--preset <name>', 'only by this preset; may be given several times', addTo)
    .action((flags) => cache.clear(settingsFrom(flags), flags))

  withSettings(keepsake.command('fsck'), 'storage')
    .description('compare all stored files with the database; ends with 1 when something is wrong')
    .option('--repair', 'drop spoilt variants, which are made again; nothing else is changed')
    .option('--grace <hours>', 'pass over files without a row that are younger', wholeHours, 0)
    .option('--json', 'print each finding, and at last the summary, as a line of JSON')
    .action((flags) => fsck(settingsFrom(flags), flags))
  withSettings(keepsake.command('gc'), 'storage')
    .description('list files that no row needs, such as those of replaced images; names stay taken')
    .option('--delete', 'delete them')
    .option(
      '--grace <hours>',
      'leave files that were written or released later',
      wholeHours,
      DEFAULT_GRACE_HOURS,
    )
    .option(
      '--removed <days>',
      'count the files of images that were removed so many days ago, which Magento kept for good; their URLs are 404 then',
      wholeDays,
    )
    .option('--json', 'print each file, and at last the summary, as a line of JSON')
    .action((flags) => gc(settingsFrom(flags), flags))

  withSettings(keepsake.command('backup'), 'backup')
    .description(
      'copy rows, images and the secret key into a directory, while servers run; again, what is new',
    )
    .argument('<directory>', 'a new one, or that of an earlier backup', notEmpty)
    .option(
      '--secret-key-file <file>',
      'where to put the secret key when no passphrase seals it; without it, <directory>.secret.key',
    )
    .action((directory, flags) => backup(settingsFrom(flags), directory, flags))
  withSettings(keepsake.command('restore'), 'backup')
    .description('put a backup into an empty database and an empty image store')
    .argument('<directory>', 'that of the backup', notEmpty)
    .option('--check', 'read the whole backup, and compare it with its manifest; nothing is restored')
    .option('--secret-key-file <file>', 'where the secret key is; without it, <directory>.secret.key')
    .option('--without-secret-key', 'restore all else; OAuth consumers need new secrets then')
    .action((directory, flags) => restore(settingsFrom(flags), directory, flags))

  const audited = keepsake.command('audit').description('who changed which image when')
  withSettings(audited.command('list', { isDefault: true }), 'storage')
    .description('list changes, the latest first; the command when none is named')
    .option('--product <sku>', 'of the product that had this SKU', notEmpty)
    .option(
      '--user <name>',
      'by this user, or by this OAuth consumer where no user stands behind it',
      notEmpty,
    )
    .option('--since <when>', 'from then on: a date, a date and time (UTC), or an age such as 7d', moment)
    .option('--until <when>', 'before then', moment)
    .option('--limit <number>', 'at most so many', positiveInteger, DEFAULT_AUDIT_LIMIT)
    .option('--json', 'print each change, with all that is known of it, as a line of JSON')
    .action((flags) => audit.list(settingsFrom(flags), flags))
  withSettings(audited.command('prune'), 'storage')
    .description('count the changes that are older, and drop them when told to')
    .requiredOption('--older-than <days>', 'their age', positiveInteger)
    .option('--delete', 'drop them')
    .action((flags) => audit.prune(settingsFrom(flags), flags))

  return keepsake
}

/**
 * What cannot be told on standard error can be told nowhere, and must not end a server. Nor must what a server prints when
 * it starts; a command whose answer is lost has failed.
 */
function surviveLostOutput(command: string): void {
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', command === 'start' ? () => undefined : ignoreClosedPipe)
}

/** A reader that has seen enough, such as `head`, is no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** @throws InvalidArgumentError for what is no code of an attribute */
function attributeCode(value: string): string {
  if (!MEDIA_ATTRIBUTE_CODE.test(value))
    throw new InvalidArgumentError('A code is not empty, and has no comma and no colon.')
  return value
}

function attributeCodes(value: string): readonly string[] {
  return value === '' ? [] : value.split(',').map(attributeCode)
}

function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a text that is not empty.')
  return text
}

function listed(text: string): readonly string[] {
  return text.split(',').map((part) => notEmpty(part.trim()))
}

function addTo(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value]
}

function positiveInteger(text: string): number {
  const number = readId(text)
  if (number === null) throw new InvalidArgumentError(`Expected a whole number from 1 to ${LARGEST_ID}.`)
  return number
}

function milliseconds(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of milliseconds.')
  return Number(text)
}

function wholeHours(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of hours.')
  return Number(text)
}

function wholeDays(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text))
    throw new InvalidArgumentError('Expected a whole number of days, 1 or more.')
  return Number(text)
}
