import { existsSync } from 'node:fs'
import path from 'node:path'

/** The directory of this package, whether the code runs compiled or from its sources. */
export const packageRoot = findPackageRoot(__dirname)

function findPackageRoot(directory: string): string {
  if (existsSync(path.join(directory, 'package.json'))) return directory
  const parent = path.dirname(directory)
  if (parent === directory) throw new Error('package.json is missing from the installation')
  return findPackageRoot(parent)
}
