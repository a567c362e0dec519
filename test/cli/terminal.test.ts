import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { packageRoot } from '../../src/packageRoot'
import { type Environment, type Finished, keepsake, serving } from '../support/cli'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

/** It clears the screen in two ways, turns the line around, and begins a line of its own. */
const ODD = '\u001b[2J\u009b31m\u202e\nforged'
const SHOWN = '\\u{1b}[2J\\u{9b}31m\\u{202e}\\u{a}forged'
/** What XML can carry of it, and JSON does not escape by itself. */
const LOGGED = 'logged \u009b2J\u202e'
const SHOP = JSON.parse(SMALL_SHOP)
const SEED = {
  ...SHOP,
  websites: [...SHOP.websites, { id: 2, code: `website ${ODD}` }],
  stores: [...SHOP.stores, { id: 3, code: `store ${ODD}`, website: 2 }],
  attributeSets: [...SHOP.attributeSets, { id: 5, name: `set ${ODD}`, gallery: true }],
  roles: [...SHOP.roles, { name: `role ${ODD}`, resources: ['all'] }],
  users: [
    ...SHOP.users,
    { username: `user ${ODD}`, apiKey: 'key', role: `role ${ODD}` },
    { username: LOGGED, apiKey: 'key', role: 'all' },
  ],
  products: [...SHOP.products, { id: 2, sku: `sku ${ODD}`, attributeSet: 5, websites: [2] }],
  oauth: { consumers: [{ key: 'consumer'.padEnd(32, '0'), secret: 's', name: `consumer ${ODD}` }] },
}

let environment: Environment
let directory: string
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  directory = temporary.directory
  removeDirectory = temporary.remove
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data') }
  expect(await seeded(SEED)).toMatchObject({ code: 0, stderr: '' })
})

afterAll(() => removeDirectory())

async function seeded(seed: object): Promise<Finished> {
  const file = path.join(directory, 'seed.json')
  await writeFile(file, JSON.stringify(seed))
  return keepsake(['seed', file], environment)
}

/** Nothing but lines, none of which was begun by a name. */
function expectPlain({ stdout, stderr }: Finished): void {
  expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(`${stdout}${stderr}`).not.toMatch(/^forged/m)
}

describe('a name with control sequences', () => {
  it.each([
    [['user', 'list'], [`user ${SHOWN}  role ${SHOWN}  active`]],
    [
      ['product', 'list'],
      [`sku ${SHOWN}`, `set ${SHOWN}`, `website ${SHOWN}`],
    ],
    [['store', 'list'], [`store ${SHOWN}  website ${SHOWN}`]],
    [['oauth', 'consumer', 'list'], [`consumer ${SHOWN}`]],
    [['product', 'add', `other ${ODD}`], [`Product other ${SHOWN} has id 3.`]],
    [['oauth', 'consumer', 'add', ODD], [`Added OAuth consumer ${SHOWN}.`]],
    [['user', 'disable', ODD], [`keepsake: there is no user ${SHOWN}\n`]],
    [['product', 'add', 'Sku', '--attribute-set', ODD], [`there is no attribute set ${SHOWN}`]],
    [['user', ODD], [SHOWN]],
    [['audit', `--since=${ODD}`], [SHOWN]],
  ])('is text where it is printed: %j', async (args, shown) => {
    const finished = await keepsake(args, environment)
    expectPlain(finished)
    for (const text of shown) expect(`${finished.stdout}${finished.stderr}`).toContain(text)
  })

  it('is text where a seed differs, and where a file is bad', async () => {
    const users = [{ username: `user ${ODD}`, apiKey: 'other', role: `role ${ODD}` }]
    const differing = await seeded({ users })
    expectPlain(differing)
    expect(differing.stderr).toContain(`user user ${SHOWN} differs from the seed in its key\n`)
    const file = path.join(directory, 'products.csv')
    await writeFile(file, `sku,attribute_set\nA,"${ODD}"\nB,nothing\n`)
    const imported = await keepsake(['product', 'import', file], environment)
    expectPlain(imported)
    expect(imported.stderr.trimEnd().split('\n')).toEqual([
      'keepsake: nothing was imported, for these lines are bad:',
      expect.stringContaining(`there is no attribute set ${SHOWN}`),
      expect.stringMatching(/^ {2}line \d: there is no attribute set nothing$/),
    ])
  })

  it('is the same value in the log, and nothing that a terminal obeys', async () => {
    const server = await serving(environment)
    const client = await login(server.url, { username: LOGGED, apiKey: 'key' })
    await client.call('product_media.list', 'Sku')
    const finished = await server.stop('SIGTERM')
    expectPlain(finished)
    const lines = finished.stderr.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).user)).toContain(LOGGED)
  })
})

it('no command writes but through the one that escapes', () => {
  const folder = path.join(packageRoot, 'src')
  const writing = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /process\.std(?:out|err)\.write|console\.\w+\(/.test(readFileSync(path.join(folder, name), 'utf8')),
    )
  // The program that decodes images writes frames of bytes into a pipe to its server, and nothing that anybody reads.
  expect(writing).toEqual([
    path.join('cli', 'terminal.ts'),
    path.join('images', 'decoding', 'decoderProgram.ts'),
  ])
})
