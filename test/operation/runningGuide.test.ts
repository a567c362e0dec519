import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { packageRoot } from '../../src/packageRoot'
import { readSettings, SETTINGS } from '../../src/settings/settings'
import { describeWithCommand } from '../interop/support/command'
import { requireFreshBuild } from '../support/cli'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { startTestServer, temporaryDirectory } from '../support/server'
import { login } from '../support/soap'
import { systemCallsIn, systemCallsOf } from './support/systemCalls'

const fileOf = (name: string) => readFileSync(path.join(packageRoot, name), 'utf8')
const GUIDE = fileOf('docs/guides/running.md')
const UNIT = fileOf('examples/keepsake.service')

let directory: string
let remove: () => Promise<void>

beforeAll(async () => {
  ;({ directory, remove } = await temporaryDirectory())
})

afterAll(() => remove())

/** Runs a command of the guide as it stands there, but for the files that it names. */
async function runOfGuide(command: string, files: Readonly<Record<string, string>>) {
  const line = GUIDE.split('\n').find((each) => each.startsWith(`    ${command}`))
  if (line === undefined) throw new Error(`docs/guides/running.md has no ${command}`)
  const words = line.trim().split(' ')
  const [program = '', ...args] = words.map((word) => files[word] ?? word)
  return promisify(execFile)(program, args)
}

describeWithCommand('systemd-analyze', 'examples/keepsake.service', () => {
  const files: Record<string, string> = {}

  beforeAll(async () => {
    const unit = path.join(directory, 'keepsake.service')
    files['/etc/systemd/system/keepsake.service'] = unit
    await writeFile(
      unit,
      UNIT.replace('/usr/bin/node', process.execPath).replace('/opt/keepsake', packageRoot),
    )
  })

  it('is a unit that systemd finds nothing wrong with', async () => {
    expect(await runOfGuide('systemd-analyze verify', files)).toEqual({ stdout: '', stderr: '' })
  })

  it('leaves the service little that it could do beyond its work', async () => {
    const { stdout } = await runOfGuide('systemd-analyze security', files)
    expect(stdout).toMatch(/Overall exposure level for keepsake\.service: 1\.\d OK/)
  })
})

describeWithCommand('strace', 'the calls of the kernel that a server makes', () => {
  it('are those that the unit allows, while it starts, takes an image, resizes it and stops', async () => {
    requireFreshBuild()
    const presets = path.join(directory, 'presets.json')
    await writeFile(presets, JSON.stringify({ small: { width: 10, formats: ['webp', 'original'] } }))
    const args = ['--data-dir', path.join(directory, 'data'), '--port', '0', '--image-presets', presets]
    const made = await systemCallsOf(args, path.join(directory, 'trace'), async ({ url, user }) => {
      const client = await login(url, user)
      const content = (await picture('jpeg')).toString('base64')
      const file = { name: 'image', mime: 'image/jpeg', content }
      const stored = await client.call('product_media.create', 'Sku', { file })
      const resized = await send(url, { path: `/media/catalog/product/cache/small${stored}` })
      expect(resized.status).toBe(200)
    })
    const sets = [...UNIT.matchAll(/^SystemCallFilter=(~?)(.*)$/gm)].map(([, not, names = '']) => ({
      isAllowed: not === '',
      calls: new Set(names.split(' ').flatMap((set) => [...systemCallsIn(set)])),
    }))
    const isAllowed = (call: string) => sets.every(({ isAllowed, calls }) => calls.has(call) === isAllowed)
    expect(sets).toHaveLength(2)
    expect(made.size).toBeGreaterThan(40)
    expect([...made].filter((call) => !isAllowed(call))).toEqual([])
  })
})

describe('the settings of the guide and the unit', () => {
  it('exist, as does the program that the unit starts', () => {
    const known = new Set<string>(Object.values(SETTINGS).map(({ environment }) => environment))
    const named = [
      ...(UNIT.match(/KEEPSAKE_[A-Z_]+/g) ?? []),
      ...(GUIDE.match(/KEEPSAKE_[A-Z_]+[A-Z]/g) ?? []),
    ]
    expect(named).toContain('KEEPSAKE_DATA_DIR')
    expect(named.filter((name) => !known.has(name) && name !== 'KEEPSAKE_DATABASE_PASSWORD')).toEqual([])
    const [, file = ''] = /has the settings:\n\n((?: {4}\S+=.*\n)+)/.exec(GUIDE) ?? []
    const environment = Object.fromEntries(
      [...file.matchAll(/^ {4}(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    )
    expect(readSettings({}, environment)).toMatchObject({
      console: true,
      controlPort: 9465,
      metricsPort: 9464,
    })
    expect(UNIT).toContain('ExecStart=/usr/bin/node /opt/keepsake/dist/src/main.js start\n')
  })
})

describeWithCommand('logrotate', 'examples/logrotate.conf', () => {
  it('rotates the log of a server that goes on writing', async () => {
    requireFreshBuild()
    const logFile = path.join(directory, 'keepsake.log')
    const configuration = path.join(directory, 'logrotate.conf')
    await writeFile(
      configuration,
      fileOf('examples/logrotate.conf').replace('/var/log/keepsake/keepsake.log', logFile),
    )
    await chmod(configuration, 0o644)
    await chmod(directory, 0o755)
    const log = openSync(logFile, 'a', 0o640)
    const child = spawn(process.execPath, ['dist/src/main.js', 'start', '--memory', '--port', '0'], {
      cwd: packageRoot,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', log],
    })
    closeSync(log)
    const ended = once(child, 'close')
    try {
      const [told] = (await once(child.stdout ?? child, 'data')) as [Buffer]
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(told.toString())?.[0] ?? ''
      const logs = async (requestId: string) => {
        await send(url, { path: '/healthz', headers: { 'x-request-id': requestId } })
        while (!readFileSync(logFile, 'utf8').includes(requestId)) await pause(10)
      }
      await logs('before-rotation')
      await runOfGuide('logrotate --force', { '/etc/logrotate.d/keepsake': configuration })
      expect(readFileSync(`${logFile}.1`, 'utf8')).toContain('before-rotation')
      await logs('after-rotation')
      const now = readFileSync(logFile, 'utf8')
      expect(now).not.toContain('before-rotation')
      expect(now.startsWith('{')).toBe(true)
    } finally {
      child.kill('SIGTERM')
      await ended
    }
  })
})

it('the alerts ask for metrics that a server has', async () => {
  const server = await startTestServer({
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_METRICS_PORT: '0' },
  })
  try {
    const { text } = await send(server.metricsUrl ?? '', { path: '/metrics' })
    const measured = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
    const asked = [GUIDE, fileOf('docs/reference/metrics.md')]
      .flatMap((page) =>
        page.slice(page.indexOf('## Alerts')).match(/\b(?:keepsake|process|nodejs)_[a-z0-9_]+/g),
      )
      .map((name) => name?.replace(/_bucket$|(?<=seconds)_count$/, ''))
    expect(asked.length).toBeGreaterThan(15)
    expect(asked.filter((name) => name && !measured.has(name))).toEqual([])
  } finally {
    await server.stop()
  }
})
