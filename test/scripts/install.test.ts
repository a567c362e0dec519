import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../../src/packageRoot'
import { temporaryDirectory } from '../support/server'

const run = promisify(execFile)

test('npm ci warns of nothing that it can know before it fetches', async () => {
  const { directory, remove } = await temporaryDirectory()
  const manifest = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8'))
  // npm would run `prepare`, for which nothing is there.
  await writeFile(path.join(directory, 'package.json'), JSON.stringify({ ...manifest, scripts: {} }))
  await writeFile(
    path.join(directory, 'package-lock.json'),
    await readFile(path.join(packageRoot, 'package-lock.json')),
  )
  const { stderr } = await run(
    'npm',
    ['ci', '--dry-run', '--offline', '--cache', path.join(directory, 'cache')],
    { cwd: directory, maxBuffer: 2 ** 24 },
  )
  expect(stderr).toBe('')
  await remove()
})
