import type { Command } from 'commander'
import { program } from '../../src/cli/program'
import { SETTINGS } from '../../src/settings/settings'
import { keepsake } from '../support/cli'

/** Every command with those before it, such as `user add`. */
function commandsOf(command: Command, names: readonly string[] = []): readonly (readonly string[])[] {
  return [names, ...command.commands.flatMap((child) => commandsOf(child, [...names, child.name()]))]
}

const COMMANDS = commandsOf(program())
const GROUPS = [
  '',
  'import',
  'user',
  'store',
  'product',
  'attribute-set',
  'media-attribute',
  'oauth',
  'oauth consumer',
  'oauth token',
  'cache',
  'audit',
]
const WITH_STORAGE = COMMANDS.map((names) => names.join(' ')).filter(
  (command) => command !== 'start' && !GROUPS.includes(command),
)

describe('--help', () => {
  it('is there for all of these', () => {
    expect(COMMANDS.map((names) => names.join(' '))).toEqual([
      '',
      'start',
      'seed',
      'migrate',
      'import',
      'import magento',
      'compare',
      'user',
      'user add',
      'user list',
      'user disable',
      'user set-key',
      'store',
      'store add',
      'store list',
      'product',
      'product add',
      'product list',
      'product import',
      'attribute-set',
      'attribute-set add',
      'attribute-set list',
      'media-attribute',
      'media-attribute add',
      'media-attribute list',
      'oauth',
      'oauth consumer',
      'oauth consumer add',
      'oauth consumer list',
      'oauth token',
      'oauth token issue',
      'oauth token revoke',
      'oauth token list',
      'cache',
      'cache warm',
      'cache clear',
      'fsck',
      'gc',
      'backup',
      'restore',
      'audit',
      'audit list',
      'audit prune',
    ])
  })

  it.each(COMMANDS.map((names) => names.join(' ')))('of "%s" tells how to use it', async (command) => {
    const { code, stdout, stderr } = await keepsake([...command.split(' '), '--help'].filter(Boolean))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Usage: ${['keepsake', command].join(' ').trim()} `)
  })

  it('of "start" names every setting', () => {
    expect(variablesIn(helpOf('start'))).toEqual(ALL_VARIABLES)
  })

  it('of "start" marks the settings that refuse an empty value', () => {
    const marked = [...helpOf('start').matchAll(/^ {2}([A-Z0-9_]+) .*\((?:default \S+; )?never empty\)$/gm)]
    expect(marked.map(([, name]) => name)).toEqual(
      Object.values(SETTINGS)
        .filter((setting) => 'isNeverEmpty' in setting)
        .map(({ environment }) => environment),
    )
  })

  it.each(WITH_STORAGE)('of "%s" names its own settings, in the order of the table', (command) => {
    const own = [...STORAGE_VARIABLES, ...(MORE_VARIABLES.get(command) ?? [])]
    const expected = ALL_VARIABLES.filter((variable) => own.includes(variable))
    expect(variablesIn(helpOf(command))).toEqual(
      command === 'migrate' ? expected.filter((variable) => variable !== 'KEEPSAKE_MIGRATE') : expected,
    )
  })
})

const ALL_VARIABLES: readonly string[] = Object.values(SETTINGS).map(({ environment }) => environment)

const STORAGE_VARIABLES = [
  'KEEPSAKE_DATA_DIR',
  'KEEPSAKE_STORE',
  'KEEPSAKE_S3_ENDPOINT',
  'KEEPSAKE_S3_REGION',
  'KEEPSAKE_S3_ACCESS_KEY_ID',
  'KEEPSAKE_S3_SECRET_ACCESS_KEY',
  'KEEPSAKE_S3_SESSION_TOKEN',
  'KEEPSAKE_S3_CREDENTIALS_FILE',
  'DATABASE_URL',
  'KEEPSAKE_POOL_SIZE',
  'KEEPSAKE_POOL_QUEUE',
  'KEEPSAKE_CONNECT_TIMEOUT',
  'KEEPSAKE_STATEMENT_TIMEOUT',
  'KEEPSAKE_STATEMENTS',
  'KEEPSAKE_MIGRATE',
  'KEEPSAKE_SECRET_KEY',
  'KEEPSAKE_LOG_LEVEL',
]

const PASSPHRASE_VARIABLES = ['KEEPSAKE_BACKUP_PASSPHRASE', 'KEEPSAKE_BACKUP_PASSPHRASE_FILE']

const MORE_VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['backup', PASSPHRASE_VARIABLES],
  ['restore', PASSPHRASE_VARIABLES],
  [
    'cache warm',
    [
      'KEEPSAKE_IMAGE_PRESETS',
      'KEEPSAKE_MAX_PIXELS',
      'KEEPSAKE_DECODE_CONCURRENCY',
      'KEEPSAKE_DECODE_TIMEOUT',
    ],
  ],
  ['cache clear', ['KEEPSAKE_IMAGE_PRESETS']],
  ['compare', ALL_VARIABLES],
])

/** What the help prints of a command such as `user add`. */
function helpOf(command: string): string {
  const found = command
    .split(' ')
    .reduce<Command | undefined>(
      (parent, name) => parent?.commands.find((child) => child.name() === name),
      program(),
    )
  const written: string[] = []
  found?.configureOutput({ writeOut: (text) => void written.push(text) }).outputHelp()
  return written.join('')
}

/** The variables at the beginnings of the lines below `Environment:`. */
function variablesIn(help: string): readonly string[] {
  const [, list = ''] = help.split('\nEnvironment:\n')
  return [...list.matchAll(/^ {2}([A-Z0-9_]+) /gm)].map(([, name = '']) => name)
}

it('--version answers the version of the package', async () => {
  expect((await keepsake(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

describe('a command line that is none', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['nosuch']],
    ['an unknown flag', ['start', '--nosuch']],
    ['a missing argument', ['seed']],
    ['an id beyond the range', ['product', 'add', 'sku', '--id', '2147483648']],
    ['an empty user name', ['user', 'add', '']],
    ['an empty SKU', ['product', 'add', '']],
  ])('(%s) ends with 1 and the usage', async (_name, args) => {
    const { code, stdout, stderr } = await keepsake(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/Usage: |--help/)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
