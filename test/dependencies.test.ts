import { readFileSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from '../src/packageRoot'

/** What package-lock.json says of a package. */
interface Installed {
  readonly version: string
  /** It serves the development alone. */
  readonly dev?: boolean
  /** It serves the development, or is optional to what does not. */
  readonly devOptional?: boolean
  readonly hasInstallScript?: boolean
  readonly deprecated?: string
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}

const manifest: Manifest = JSON.parse(textOf('package.json'))
const lock: { readonly packages: Readonly<Record<string, Installed>> } = JSON.parse(
  textOf('package-lock.json'),
)
const page = textOf('docs/dependencies.md')

/** What Express asks for in one version and, by way of axios, `soap` in another. docs/dependencies.md says so. */
const TWICE: readonly string[] = ['mime-db', 'mime-types']

const FOLDER = 'node_modules/'
const installed = Object.entries(lock.packages)
  .filter(([place]) => place.includes(FOLDER))
  .map(([place, about]) => ({ name: place.slice(place.lastIndexOf(FOLDER) + FOLDER.length), ...about }))

function textOf(name: string): string {
  return readFileSync(path.join(packageRoot, name), 'utf8')
}

describe('the packages that npm installs', () => {
  test('are there', () => {
    expect(installed.length).toBeGreaterThan(100)
  })

  test('run no script of theirs', () => {
    const withScripts = installed.filter(({ hasInstallScript }) => hasInstallScript)
    expect(withScripts.filter(({ dev }) => !dev)).toEqual([])
    expect(Object.fromEntries(withScripts.map(({ name }) => [name, false]))).toEqual(manifest.allowScripts)
  })

  test('come in one version each to whoever installs Keepsake, but for those that the page tells', () => {
    const served = installed.filter(({ dev, devOptional }) => !dev && !devOptional).map(({ name }) => name)
    const twice = served.filter((name, index) => served.indexOf(name) !== index)
    expect([...twice].sort()).toEqual(TWICE)
    expect(TWICE.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  test('are none that their makers have given up', () => {
    expect(installed.filter(({ deprecated }) => deprecated !== undefined)).toEqual([])
  })
})

describe('the dependencies', () => {
  const direct = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })

  test('are pinned', () => {
    expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  test('have each its reason in docs/dependencies.md', () => {
    const names = direct.map(([name]) => name).filter((name) => !name.startsWith('@types/'))
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
