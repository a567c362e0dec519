import { copyFile, cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { packageRoot } from '../src/packageRoot'
import { REST_DOCS } from '../src/wire/rest/docs'

/** The files of the library that the page uses. */
const LIBRARY_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt']

/** Copies the page that shows the OpenAPI document, and the files of its library, into the build. */
async function main(): Promise<void> {
  const library = path.dirname(require.resolve('swagger-ui-dist/package.json'))
  await mkdir(REST_DOCS, { recursive: true })
  await cp(path.join(packageRoot, 'pages', 'rest'), REST_DOCS, { recursive: true })
  for (const file of LIBRARY_FILES) await copyFile(path.join(library, file), path.join(REST_DOCS, file))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
