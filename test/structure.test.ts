import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: { readonly violations: readonly Violation[] }
}

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

const ROOMS = [
  'contract',
  'settings',
  'text',
  'api',
  'oauth',
  'catalog',
  'magento',
  'importing',
  'comparing',
  'double',
  'images',
  'backup',
  'store',
  'http',
  'wire',
  'control',
  'metrics',
  'server',
]

/** For each room at least one that it may not import. */
const FORBIDDEN: readonly (readonly [room: string, other: string])[] = [
  ...ROOMS.map((room) => [room, 'cli'] as const),
  ['contract', 'api'],
  ['settings', 'text'],
  ['api', 'catalog'],
  ['catalog', 'store'],
  ['magento', 'catalog'],
  ['importing', 'store'],
  ['comparing', 'server'],
  ['double', 'store'],
  ['http', 'wire'],
  ['images', 'store'],
  ['backup', 'store'],
  ['oauth', 'http'],
  ['store', 'api'],
  ['text', 'http'],
  ['wire', 'double'],
  ['wire', 'store'],
  ['control', 'store'],
  ['metrics', 'store'],
  ['server', 'library'],
]

const root = path.join(__dirname, '..')
const run = promisify(execFile)

describe('the import rule', () => {
  test('sees every file of src and migrations, and finds no violation', async () => {
    const { modules, summary } = await cruise(root, ['src', 'migrations'])
    const seen = modules.map(({ source }) => source).filter((source) => /^(?:src|migrations)\//.test(source))
    expect(seen.sort()).toEqual([...(await filesOf('src')), ...(await filesOf('migrations'))].sort())
    expect(summary.violations).toEqual([])
  })

  test('keeps each room from what it may not import', async () => {
    const files = Object.fromEntries(
      FORBIDDEN.flatMap(([room, other]) => [
        [`src/${room}/of_${other}.ts`, importing(`../${other}/two`)],
        [`src/${other}/two.ts`, importing()],
      ]),
    )
    const reported = await violationsOf(files)
    expect(reported.filter((text) => !text.startsWith('no-cycles'))).toEqual(
      FORBIDDEN.map(
        ([room, other]) => `${room}-imports: src/${room}/of_${other}.ts → src/${other}/two.ts`,
      ).sort(),
    )
    expect(new Set(FORBIDDEN.map(([room]) => room))).toEqual(new Set(ROOMS))
  })

  test('lets store see the ports of a room that is none of its own, and nothing else of it', async () => {
    const files = {
      'src/store/rows.ts': importing('../api/ports', '../api/call'),
      'src/api/ports.ts': importing(),
      'src/api/call.ts': importing(),
    }
    await expectReported(files, ['store-imports: src/store/rows.ts → src/api/call.ts'])
  })

  test('keeps what a test loads of the library from the server', async () => {
    const files = { 'src/library/index.ts': importing('../http/server'), 'src/http/server.ts': importing() }
    // Types are allowed: they are gone at run time.
    await expectReported(files, [])
    await expectReported({ ...files, 'src/library/index.ts': loading('../http/server') }, [
      'library-in-a-test: src/library/index.ts → src/http/server.ts',
    ])
  })

  test('keeps the parts of the double from each other', async () => {
    const files = {
      'src/double/rules/rules.ts': importing('../journal/journal'),
      'src/double/journal/journal.ts': importing(),
    }
    await expectReported(files, [
      'parts-of-the-double: src/double/rules/rules.ts → src/double/journal/journal.ts',
    ])
  })

  test('keeps Express and the protocols from commands that serve nothing', async () => {
    const files = {
      'src/cli/fsck.ts': importing('../server/parts'),
      'src/cli/start.ts': importing('../server/parts'),
      'src/server/parts.ts': importing('../wire/endpoints'),
      'src/wire/endpoints.ts': importing('../http/server'),
      'src/http/server.ts': loading('express'),
    }
    await expectReported(files, [
      expect.stringMatching(/^commands-without-protocols: src\/cli\/fsck\.ts → .*node_modules\/express\//),
      'commands-without-protocols: src/cli/fsck.ts → src/http/server.ts',
      'commands-without-protocols: src/cli/fsck.ts → src/wire/endpoints.ts',
    ])
  })

  test('has the command that serves loaded when it is run, and not before', async () => {
    const files = { 'src/cli/start.ts': importing() }
    const lazily = "export const start = () => import('./start.js')\n"
    await expectReported({ ...files, 'src/cli/program.ts': lazily }, [])
    await expectReported({ ...files, 'src/cli/program.ts': loading('./start') }, [
      'start-when-asked-for: src/cli/program.ts → src/cli/start.ts',
    ])
  })

  test('keeps leaves and migrations free of imports', async () => {
    const files = {
      'src/packageRoot.ts': importing('./cli/two'),
      'src/cli/two.ts': importing(),
      'migrations/001_first.ts': importing('./002_second'),
      'migrations/002_second.ts': importing(),
      'migrations/index.ts': importing('./001_first', '../src/cli/two'),
    }
    await expectReported(files, [
      'leaves: migrations/001_first.ts → migrations/002_second.ts',
      'leaves: src/packageRoot.ts → src/cli/two.ts',
      'list-of-migrations: migrations/index.ts → src/cli/two.ts',
    ])
  })

  test('keeps what is served from scripts, benchmarks and tests', async () => {
    const files = { 'src/cli/two.ts': importing('../../scripts/demo'), 'scripts/demo.ts': importing() }
    await expectReported(files, ['nothing-beside-the-product: src/cli/two.ts → scripts/demo.ts'])
  })

  test('refuses cycles of files and of folders', async () => {
    const files = { 'src/cli/one.ts': importing('./two'), 'src/cli/two.ts': importing('./one') }
    await expectReported(files, [expect.stringMatching(/^no-cycles: src\/cli\//)])
    const folders = {
      'src/cli/accounts/one.ts': importing('../products/two'),
      'src/cli/products/two.ts': importing(),
      'src/cli/products/three.ts': importing('../accounts/four'),
      'src/cli/accounts/four.ts': importing(),
    }
    await expectReported(folders, [
      'no-cycles-of-folders: src/cli/accounts → src/cli/products',
      'no-cycles-of-folders: src/cli/products → src/cli/accounts',
    ])
  })

  test('has a test here for each of its rules', () => {
    const {
      forbidden,
    }: { forbidden: readonly { readonly name: string }[] } = require('../.dependency-cruiser.cjs')
    const others = [
      'library-in-a-test',
      'parts-of-the-double',
      'commands-without-protocols',
      'start-when-asked-for',
      'leaves',
      'list-of-migrations',
      'nothing-beside-the-product',
      'no-cycles',
      'no-cycles-of-folders',
    ]
    expect(forbidden.map(({ name }) => name)).toEqual([...ROOMS.map((room) => `${room}-imports`), ...others])
  })
})

describe('the sizes of the rooms', () => {
  test('no room has more than a fifth of the source', async () => {
    const lines = new Map<string, number>()
    for (const file of await filesOf('src')) {
      const room = file.split('/').length > 2 ? (file.split('/')[1] ?? '') : '(loose)'
      const text = await readFile(path.join(root, file), 'utf8')
      lines.set(room, (lines.get(room) ?? 0) + text.split('\n').length - 1)
    }
    const fifth = [...lines.values()].reduce((sum, count) => sum + count, 0) / 5
    expect([...lines].filter(([, count]) => count > fifth)).toEqual([])
  })

  test('at most five files lie loose', async () => {
    const loose = (await filesOf('src')).filter((file) => file.split('/').length === 2)
    expect(loose.length).toBeLessThanOrEqual(5)
  })
})

async function expectReported(
  files: Readonly<Record<string, string>>,
  expected: readonly unknown[],
): Promise<void> {
  expect(await violationsOf(files)).toEqual(expected)
}

/** What the rule reports of a project with these files, each once and in order. */
async function violationsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const project = await projectWith(files)
  const folders = new Set(Object.keys(files).map((file) => file.split('/')[0] ?? ''))
  try {
    const { summary } = await cruise(
      project,
      ['src', 'migrations'].filter((folder) => folders.has(folder)),
    )
    const reported = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
    return [...new Set(reported)].sort()
  } finally {
    await rm(project, { recursive: true })
  }
}

/** A module that needs these when it runs. */
function loading(...modules: readonly string[]): string {
  return modules
    .map(
      (name, index) =>
        `import * as other${index} from '${name}'\nexport const value${index} = other${index}\n`,
    )
    .join('')
}

/** A module that imports these, if only for their types. */
function importing(...modules: readonly string[]): string {
  const imports = modules.map((name, index) => `import type * as other${index} from '${name}'\n`)
  const uses = modules.map((_name, index) => `export type Other${index} = typeof other${index}\n`)
  return `${[...imports, ...uses].join('')}export const value = 1\n`
}

async function cruise(project: string, folders: readonly string[]): Promise<Cruise> {
  const command = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [
    command,
    '--config',
    path.join(root, '.dependency-cruiser.cjs'),
    '--output-type',
    'json',
    ...folders,
  ]
  const { stdout } = await run(process.execPath, args, { cwd: project, maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout)
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true })
  return entries
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
}

/** A project beside this one with these files, its configuration and its packages. */
async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const project = await mkdtemp(path.join(os.tmpdir(), 'keepsake-structure-'))
  await symlink(path.join(root, 'node_modules'), path.join(project, 'node_modules'))
  await symlink(path.join(root, 'tsconfig.json'), path.join(project, 'tsconfig.json'))
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(project, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  return project
}
