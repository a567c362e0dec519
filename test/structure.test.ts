import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
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

const root = path.join(__dirname, '..')
const run = promisify(execFile)

describe('the import rule', () => {
  test('sees every file of src and migrations, and finds no violation', async () => {
    const { modules, summary } = await cruise(root, ['src', 'migrations'])
    const seen = modules.map(({ source }) => source).filter((source) => /^(?:src|migrations)\//.test(source))
    expect(seen.sort()).toEqual([...(await filesOf('src')), ...(await filesOf('migrations'))].sort())
    expect(summary.violations).toEqual([])
  })

  test('reports each import that it forbids', async () => {
    const project = await projectWith({
      'src/contract/fault.ts': importing('../api/call'),
      'src/api/call.ts': importing('../catalog/media'),
      'src/catalog/media.ts': importing('../store/rows'),
      'src/store/rows.ts': importing('../wire/xml', '../../migrations/index'),
      'src/wire/xml.ts': importing('../packageRoot', '../settings'),
      'src/settings.ts': importing('./packageRoot'),
      'src/packageRoot.ts': importing(),
      'src/cli/one.ts': importing('./two'),
      'src/cli/two.ts': importing('./one', '../../scripts/demo'),
      'scripts/demo.ts': importing(),
      'migrations/index.ts': importing('./001_first'),
      'migrations/001_first.ts': importing('./002_second'),
      'migrations/002_second.ts': importing(),
    })
    try {
      const { summary } = await cruise(project, ['src', 'migrations'])
      const reported = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
      expect(reported.sort()).toEqual([
        'api-imports: src/api/call.ts → src/catalog/media.ts',
        'catalog-imports: src/catalog/media.ts → src/store/rows.ts',
        'contract-imports: src/contract/fault.ts → src/api/call.ts',
        'leaves: migrations/001_first.ts → migrations/002_second.ts',
        'leaves: src/settings.ts → src/packageRoot.ts',
        expect.stringMatching(/^no-cycles: src\/cli\//),
        'nothing-beside-the-product: src/cli/two.ts → scripts/demo.ts',
        'store-imports: src/store/rows.ts → src/wire/xml.ts',
        'wire-imports: src/wire/xml.ts → src/settings.ts',
      ])
    } finally {
      await rm(project, { recursive: true })
    }
  })
})

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
