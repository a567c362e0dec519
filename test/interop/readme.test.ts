import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../../src/packageRoot'
import { startTestServer, temporaryDirectory } from '../support/server'
import { describeWithPhp } from './support/php'

const run = promisify(execFile)

describeWithPhp('the script in the README', () => {
  test('works as pasted, on the shop that it names, and prints what the README says', async () => {
    const readme = await readFile(path.join(packageRoot, 'README.md'), 'utf8')
    const script = /^```php\n(.*?)^```$/ms.exec(readme)?.[1] ?? ''
    const seed = await readFile(path.join(packageRoot, 'examples/shop.json'), 'utf8')
    const server = await startTestServer({ seed })
    const { directory, remove } = await temporaryDirectory()
    try {
      const file = path.join(directory, 'try.php')
      await writeFile(file, script.replace('http://127.0.0.1:8080', server.url))
      const { stdout, stderr } = await run('php', ['-d', 'soap.wsdl_cache_enabled=0', file])
      expect(stderr).toBe('')
      expect(stdout).toContain('[file] => /f/i/file_name.gif')
      expect(readme).toContain('`/f/i/file_name.gif`')
    } finally {
      await server.stop()
      await remove()
    }
  })
})
