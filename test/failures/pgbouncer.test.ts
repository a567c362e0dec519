import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { serving } from '../support/cli'
import { freePort } from '../support/freePort'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'
import { eventually, newImage } from './support/failingShop'
import { A_PGBOUNCER, describeWith } from './support/needs'
import { type OwnPostgres, ownPostgres } from './support/ownPostgres'

const CLIENTS = 8

describeWith(A_PGBOUNCER, 'servers behind a PgBouncer', () => {
  let postgres: OwnPostgres
  let directory: string
  let remove: () => Promise<void>

  beforeAll(async () => {
    postgres = await ownPostgres()
    ;({ directory, remove } = await temporaryDirectory())
    await chmod(directory, 0o755)
    await writeFile(path.join(directory, 'shop.json'), SMALL_SHOP)
  })

  afterAll(async () => {
    await postgres?.remove()
    await remove?.()
  })

  /** A PgBouncer with fewer sessions than the servers have connections, so that each gets now this, now that one. */
  async function pooler(mode: 'transaction' | 'session', more = '') {
    const port = await freePort()
    const size = mode === 'transaction' ? 4 : 40
    const file = path.join(directory, `${mode}.ini`)
    await writeFile(
      file,
      `[databases]\npostgres = host=127.0.0.1 port=${postgres.port} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\npool_mode = ${mode}\ndefault_pool_size = ${size}\n${more}\n`,
    )
    const user = process.getuid?.() === 0 ? ['-u', 'postgres'] : []
    const child: ChildProcess = spawn('pgbouncer', ['-q', ...user, file], { stdio: 'ignore' })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      stop: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
  }

  /** Starts, as a supervisor would, until the pooler is there. */
  async function started(environment: Record<string, string>) {
    const all = { KEEPSAKE_DATA_DIR: path.join(directory, 'data'), ...environment }
    const args = ['--port', '0', '--seed', path.join(directory, 'shop.json')]
    let server: Awaited<ReturnType<typeof serving>> | null = null
    await eventually(async () => {
      server = await serving(all, args).catch((failure: Error) => {
        if (!failure.message.includes('ECONNREFUSED')) throw failure
        return null
      })
      return server !== null
    })
    if (server === null) throw new Error('not started')
    return server as Awaited<ReturnType<typeof serving>>
  }

  const MODES = [
    { mode: 'transaction', statements: 'unnamed', more: '' },
    {
      mode: 'session',
      statements: 'named',
      more: 'ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout',
    },
  ] as const

  test.each(MODES)('in $mode mode migrate, and answer many at once', async ({ mode, statements, more }) => {
    const bouncer = await pooler(mode, more)
    try {
      const environment = { DATABASE_URL: bouncer.url, KEEPSAKE_STATEMENTS: statements }
      const servers = await Promise.all([started(environment), started(environment)])
      const created: string[] = []
      await Promise.all(
        Array.from({ length: CLIENTS }, async (_, index) => {
          const client = await login(servers[index % servers.length]?.url ?? '')
          for (let round = 0; round < 5; round++) {
            created.push(String(await client.call('product_media.create', 'Sku', await newImage(index))))
            await client.call('product_media.list', 'Sku')
          }
        }),
      )
      expect(new Set(created).size).toBe(CLIENTS * 5)
      const client = await login(servers[0]?.url ?? '')
      const listed = (await client.call('product_media.list', 'Sku')) as readonly { file: string }[]
      expect(listed.map(({ file }) => file)).toEqual(expect.arrayContaining(created))
      for (const server of servers) {
        const { code, stderr } = await server.stop('SIGTERM')
        expect(code).toBe(0)
        expect(stderr).not.toContain('"level":50')
      }
    } finally {
      await bouncer.stop()
    }
  })
})
