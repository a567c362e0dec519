import { execFile, spawnSync } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../../src/packageRoot'
import { requireFreshBuild } from '../support/cli'
import { temporaryDirectory } from '../support/server'

/** What npm takes to install the package, as on a machine that is new to it. */
const INSTALLING = 300_000

let project: string
let remove = async () => {}

beforeAll(async () => {
  requireFreshBuild()
  const { directory, remove: removeDirectory } = await temporaryDirectory()
  project = directory
  remove = removeDirectory
  await makeProject()
}, INSTALLING)

afterAll(() => remove())

interface Ended {
  readonly passed: boolean
  readonly output: string
}

interface Recipe {
  /** Its folder below examples. */
  readonly name: string
  /** The Debian packages that it needs. */
  readonly packages: readonly string[]
  /** Succeeds where they are installed. */
  readonly check: readonly [program: string, ...args: string[]]
  /** What runs its test on one state of the client, `before` or `after` it was mended. */
  readonly run: (state: string) => readonly string[]
  /** What the test says of the client before. */
  readonly complaint: RegExp
}

/** Debian's Python, to which Debian's packages belong. */
const PYTHON = '/usr/bin/python3'
const JUNIT = '/usr/share/java/junit4.jar:/usr/share/java/hamcrest-core.jar'

const RECIPES: readonly Recipe[] = [
  {
    name: 'jest',
    packages: [],
    check: ['node', '--version'],
    run: (state) => ['npx', '--no', '--', 'jest', '--rootDir', '.', '--modulePaths', `<rootDir>/${state}`],
    complaint: /Image creation failed/,
  },
  {
    name: 'phpunit',
    packages: ['phpunit', 'php-soap'],
    check: ['sh', '-c', 'phpunit --version && php -r "exit(extension_loaded(\'soap\') ? 0 : 1);"'],
    run: (state) => ['phpunit', '--bootstrap', `${state}/ImageImport.php`, 'ImageImportTest.php'],
    complaint: /SoapFault: Image creation failed/,
  },
  {
    name: 'pytest',
    packages: ['python3-pytest'],
    check: [PYTHON, '-m', 'pytest', '--version'],
    run: (state) => ['env', `PYTHONPATH=${state}`, PYTHON, '-m', 'pytest'],
    complaint: /Fault 104: '?Image creation failed/,
  },
  {
    name: 'junit',
    packages: ['junit4', 'default-jdk-headless'],
    check: ['sh', '-c', `javac -version && test -f ${JUNIT.split(':')[0]}`],
    run: (state) => [
      'sh',
      '-c',
      `javac -d ${state}/classes -cp ${JUNIT} *.java ${state}/*.java && ` +
        `java -cp ${state}/classes:${JUNIT} org.junit.runner.JUnitCore ImageImportTest`,
    ],
    complaint: /ShopFault: 104: Image creation failed/,
  },
]

describe.each(RECIPES)(
  'the recipe for $name',
  ({ name, packages, check: [program, ...args], run, complaint }) => {
    if (spawnSync(program, args).status !== 0) {
      test(`not run: ${packages.join(', ')} not installed`, () => {
        expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
      })
      return
    }

    const runOn = (state: string) => ended(run(state), path.join(project, name))

    test('fails on a client that gives up at fault 104', async () => {
      const { passed, output } = await runOn('before')
      expect(output).toMatch(complaint)
      expect(passed).toBe(false)
    })

    test('passes when the client is mended', async () => {
      expect(await runOn('after')).toEqual({ passed: true, output: expect.any(String) })
    })
  },
)

describe('the package, as npm installs it', () => {
  test('is imported by ES modules', async () => {
    const script = `import { startKeepsake } from 'keepsake'
      import { keepsakeMatchers } from 'keepsake/jest'
      const keepsake = await startKeepsake()
      console.log(keepsake.user.username, Object.keys(keepsakeMatchers).length)
      await keepsake.stop()`
    const { output } = await ended(['node', '--input-type=module', '--eval', script], project)
    expect(output).toBe('apiUser 3\n')
  })

  test('lets a program end that has forgotten to stop its server', async () => {
    const script = `require('keepsake').startKeepsake().then(({ port }) => console.log(port > 0))`
    expect(await ended(['node', '--eval', script], project)).toEqual({ passed: true, output: 'true\n' })
  })

  test.each(['node16', 'bundler'])('has types, which need no others than Node’s (%s)', async (resolution) => {
    await writeFile(path.join(project, 'typed.ts'), TYPED)
    const module = resolution === 'node16' ? 'node16' : 'esnext'
    const compiler = [
      path.join('node_modules', '.bin', 'tsc'),
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--types',
      'node,jest',
    ]
    const checked = await ended(
      [...compiler, '--module', module, '--moduleResolution', resolution, 'typed.ts'],
      project,
    )
    expect(checked).toEqual({ passed: true, output: '' })
  })
})

const TYPED = `import { type Keepsake, type SeedFile, startKeepsake } from 'keepsake'
import 'keepsake/jest'
import { expect as jestExpect } from '@jest/globals'

const seed: SeedFile = { products: [{ sku: 'Sku', attributeSet: 4 }] }
export async function typed(): Promise<number> {
  const keepsake: Keepsake = await startKeepsake({ seed, settings: { KEEPSAKE_BODY_LIMIT: '1MB' } })
  const rule = await keepsake.control.rules.add({ when: { method: 'create' }, answer: { fault: 104 } })
  await expect(keepsake).toHaveReceivedCall({ method: 'create', product: 'Sku' })
  await expect(keepsake).not.toHaveAnsweredFault(104)
  await jestExpect(keepsake).toHaveReceivedCallTimes(1, { protocol: 'soap' })
  // @ts-expect-error there is no such condition
  await keepsake.control.rules.add({ when: { verb: 'create' }, answer: { fault: 104 } })
  return rule.hits
}
`

/** A project of a user's, with the package from its archive, and copies of the recipes. */
async function makeProject(): Promise<void> {
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], packageRoot)
  await writeFile(path.join(project, 'package.json'), '{ "name": "shop", "private": true }')
  const { version, devDependencies } = JSON.parse(
    await readFile(path.join(packageRoot, 'package.json'), 'utf8'),
  )
  const tools = ['jest', 'typescript', '@types/node', '@types/jest'].map(
    (name) => `${name}@${devDependencies[name]}`,
  )
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', `./keepsake-${version}.tgz`, ...tools],
    project,
  )
  for (const { name } of RECIPES) {
    const copy = path.join(project, name)
    await cp(path.join(project, 'node_modules', 'keepsake', 'examples', name), copy, { recursive: true })
  }
}

const execute = promisify(execFile)

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  await execute(program, args, { cwd, env: PLAIN })
}

/** Runs a command to its end; its output is what it wrote to standard output, and to standard error if it failed. */
async function ended([program = '', ...args]: readonly string[], cwd: string): Promise<Ended> {
  try {
    const { stdout } = await execute(program, args, { cwd, env: PLAIN })
    return { passed: true, output: stdout }
  } catch (thrown) {
    const { stdout, stderr } = thrown as { stdout: string; stderr: string }
    return { passed: false, output: stdout + stderr }
  }
}

/** No flag of whoever runs these tests. */
const { NODE_OPTIONS: _, ...PLAIN } = process.env
