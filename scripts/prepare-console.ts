import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { CONSOLE } from '../src/control/consolePage'
import { packageRoot } from '../src/packageRoot'

/** The files of each package that the page uses. They are ES modules, and so need no bundler. */
const LIBRARIES: readonly (readonly [name: string, folder: string, files: readonly string[]])[] = [
  [
    'lit-html',
    '.',
    ['LICENSE', 'lit-html.js', 'directive.js', 'directive-helpers.js', 'directives/repeat.js'],
  ],
  ['diff', 'libesm', ['diff/line.js', 'diff/base.js', 'util/params.js']],
  ['diff', '.', ['LICENSE']],
]

/** Copies the console's page and its libraries into the build. The compiler has written the page's scripts before. */
async function main(): Promise<void> {
  await mkdir(CONSOLE, { recursive: true })
  await cp(path.join(packageRoot, 'pages', 'console'), CONSOLE, {
    recursive: true,
    filter: (source) => !source.endsWith('.ts'),
  })
  for (const [name, folder, files] of LIBRARIES) {
    const library = path.join(packageRoot, 'node_modules', name, folder)
    for (const file of files)
      await cp(path.join(library, file), path.join(CONSOLE, name, file), {
        recursive: true,
        filter: (source) => !/\.(?:d\.ts|map)$/.test(source),
      })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
