import type { Command } from 'commander'
import { program } from '../../src/cli/program'
import { SETTINGS } from '../../src/settings/settings'
import { keepsake } from '../support/cli'

/** Every command with those before it, such as `user add`. */
function commandsOf(command: Command, names: readonly string[] = []): readonly (readonly string[])[] {
  return [names, ...command.commands.flatMap((child) => commandsOf(child, [...names, child.name()]))]
}

const COMMANDS = commandsOf(program())
const GROUPS = ['', 'user', 'store', 'product', 'oauth', 'oauth consumer', 'oauth token', 'cache', 'audit']
const WITH_SETTINGS = COMMANDS.filter((names) => !GROUPS.includes(names.join(' ')))

describe('--help', () => {
  it('is there for all of these', () => {
    expect(COMMANDS.map((names) => names.join(' '))).toEqual([
      '',
      'start',
      'seed',
      'migrate',
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

  it.each(WITH_SETTINGS.map((names) => names.join(' ')))('of "%s" names every setting', (command) => {
    const found = command
      .split(' ')
      .reduce<Command | undefined>(
        (parent, name) => parent?.commands.find((child) => child.name() === name),
        program(),
      )
    const written: string[] = []
    found?.configureOutput({ writeOut: (text) => void written.push(text) }).outputHelp()
    for (const { environment } of Object.values(SETTINGS)) expect(written.join('')).toContain(environment)
  })
})

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
