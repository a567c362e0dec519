import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, type Finished, keepsake, MAIN } from '../support/cli'
import { control, DOUBLE } from '../support/control'
import { freePort } from '../support/freePort'
import { picture } from '../support/pictures'
import { shopWith } from '../support/seed'
import { startTestServer, type TestServer, temporaryDatabase, temporaryDirectory } from '../support/server'
import { API_USER, login, type Plain } from '../support/soap'

const SEED = JSON.parse(
  shopWith([
    { id: 1, sku: 'Sku' },
    { id: 2, sku: 'Two' },
  ]),
)
const SHOP = JSON.stringify({
  ...SEED,
  roles: [...SEED.roles, { name: 'nothing', resources: [] }],
  users: [...SEED.users, { username: 'idle', apiKey: 'idleKey123', role: 'nothing' }],
})
const SAME = 'Compared 2 products and 1 attribute sets: nothing differs.\n'

/** The old shop, which can be told to answer faults. */
let old: TestServer
/** A shop of the same. */
let here: TestServer
let directory: string
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  directory = temporary.directory
  removeDirectory = temporary.remove
  await writeFile(inDirectory('ids.txt'), '1\n2\n')
  await writeFile(inDirectory('key'), `${API_USER.apiKey}\n`)
  old = await startTestServer({ seed: SHOP, environment: DOUBLE })
  here = await startTestServer({ seed: SHOP })
  for (const server of [old, here]) await fill(server.url)
})

afterEach(() => control(old.url, 'DELETE', '/rules'))

afterAll(async () => {
  await old.stop()
  await here.stop()
  await removeDirectory()
})

const inDirectory = (name: string) => path.join(directory, name)
const wsdlOf = (url: string) => `${url}/api/soap/?wsdl`
const WITH_KEY: Environment = { KEEPSAKE_COMPARE_KEY: API_USER.apiKey }

async function fill(url: string): Promise<void> {
  const client = await login(url)
  for (const [shade, name] of ['front', 'back', 'side', 'top'].entries()) {
    const content = (await picture('jpeg', shade)).toString('base64')
    await client.call('product_media.create', 'Sku', {
      file: { name, mime: 'image/jpeg', content },
      label: name,
      types: name === 'front' ? ['image'] : [],
      exclude: 0,
    })
  }
}

/** Compares as `apiUser`, by default the old shop with the one that is the same, about the ids of the file. */
function compared(
  args: readonly string[],
  environment: Environment = WITH_KEY,
  { wsdl = wsdlOf(old.url), against = here.url } = {},
): Promise<Finished> {
  const ids = ['--products', inDirectory('ids.txt'), '--stores', 'admin,german', '--sets', '4']
  const user = args.includes('--user') ? [] : ['--user', API_USER.username]
  return keepsake(['compare', wsdl, ...user, ...ids, '--against', wsdlOf(against), ...args], environment)
}

/** Changes the gallery of the first product, and undoes it afterwards. */
async function whileChanged(
  changes: readonly (readonly [method: string, ...args: readonly Plain[]])[],
  work: (url: string) => Promise<void>,
): Promise<void> {
  const changed = await startTestServer({ seed: SHOP })
  try {
    await fill(changed.url)
    const client = await login(changed.url)
    for (const [method, ...args] of changes) await client.call(method, ...args)
    await work(changed.url)
  } finally {
    await changed.stop()
  }
}

const CHANGES = [
  ['product_media.update', 'Sku', '/f/r/front.jpg', { label: 'Vorne', types: ['small_image'] }, 'german'],
  ['product_media.remove', 'Sku', '/b/a/back.jpg'],
] as const

const TOLD = [
  'product 1, admin, /b/a/back.jpg: missing here',
  'product 1, german, /b/a/back.jpg: missing here',
  'product 1, german, /f/r/front.jpg: label is "front" there, "Vorne" here',
  'product 1, german, /f/r/front.jpg: types is ["image"] there, ["small_image"] here',
  'Compared 2 products and 1 attribute sets: 4 differences, in 1 products (missing 2, label 1, types 1).',
]

const lines = (...told: readonly string[]) => `${told.join('\n')}\n`

describe('keepsake compare', () => {
  test('ends with 0 where both shops answer the same, over REST and byte for byte', async () => {
    expect(await compared(['--rest', '--bytes'])).toEqual({ code: 0, stdout: SAME, stderr: '' })
  })

  test('ends with 1 and tells a changed label, a missing image and another type', async () => {
    await whileChanged(CHANGES, async (against) => {
      expect(await compared([], WITH_KEY, { against })).toEqual({
        code: 1,
        stdout: lines(...TOLD),
        stderr: '',
      })
    })
  })

  test('tells what REST lists otherwise when it is asked to', async () => {
    await whileChanged([CHANGES[1]], async (against) => {
      const { code, stdout } = await compared(['--rest', '--stores', 'default'], WITH_KEY, { against })
      expect(stdout).toBe(
        lines(
          'product 1, default, /b/a/back.jpg: missing here',
          'product 1, default, /catalog/product/b/a/back.jpg (REST): missing here',
          'Compared 2 products and 1 attribute sets: 2 differences, in 1 products (missing 2).',
        ),
      )
      expect(code).toBe(1)
    })
  })

  test('tells other bytes only when it is asked to', async () => {
    const content = (await picture('jpeg', 9)).toString('base64')
    const file = { mime: 'image/jpeg', content }
    await whileChanged([['product_media.update', 'Sku', '/s/i/side.jpg', { file }]], async (against) => {
      expect(await compared([], WITH_KEY, { against })).toMatchObject({ code: 0, stdout: SAME })
      const { code, stdout } = await compared(['--bytes'], WITH_KEY, { against })
      const [told = '', summary] = stdout.split('\n')
      const bytes = '\\d+ bytes of SHA-256 [0-9a-f]{64}'
      expect(told).toMatch(
        new RegExp(`^product 1, /s/i/side\\.jpg \\(bytes\\): ${bytes} there, ${bytes} here$`),
      )
      expect(summary).toBe(
        'Compared 2 products and 1 attribute sets: 1 differences, in 1 products (bytes 1).',
      )
      expect(code).toBe(1)
    })
  })

  test('tells a fault that only one of them answers, and a media attribute that one lacks', async () => {
    const set = { ...SEED.attributeSets[0], mediaAttributes: ['image', 'small_image'] }
    const other = await startTestServer({
      seed: JSON.stringify({ ...SEED, attributeSets: [set], products: SEED.products.slice(0, 1) }),
    })
    try {
      await fill(other.url)
      const { stdout } = await compared(['--stores', 'admin'], WITH_KEY, { against: other.url })
      expect(stdout).toBe(
        lines(
          'attribute set 4, thumbnail: missing here',
          'product 2, admin: a list of 0 there, fault 101 Product not exists. here',
          'Compared 2 products and 1 attribute sets: 2 differences, in 1 products (missing 1, answer 1).',
        ),
      )
    } finally {
      await other.stop()
    }
  })

  test('prints each difference and the summary as lines of JSON', async () => {
    await whileChanged(CHANGES, async (against) => {
      const { code, stdout } = await compared(['--json', '--stores', 'german'], WITH_KEY, { against })
      const [missing, label, types, summary] = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      const image = { asked: 'list', product: '1', store: 'german' }
      expect(missing).toMatchObject({ ...image, item: '/b/a/back.jpg', kind: 'missing' })
      const front = { ...image, item: '/f/r/front.jpg', kind: 'field' }
      expect(label).toEqual({ ...front, field: 'label', old: 'front', here: 'Vorne' })
      expect(types).toEqual({ ...front, field: 'types', old: ['image'], here: ['small_image'] })
      expect(summary).toEqual({
        summary: {
          products: 2,
          attributeSets: 1,
          differences: 3,
          productsThatDiffer: 1,
          kinds: { missing: 1, label: 1, types: 1 },
        },
      })
      expect(code).toBe(1)
    })
  })

  test('asks about a sample', async () => {
    expect(await compared(['--sample', '1'])).toMatchObject({
      code: 0,
      stdout: 'Compared 1 products and 1 attribute sets: nothing differs.\n',
    })
  })
})

describe('answers that were saved', () => {
  const truth = () => inDirectory('truth.json')

  async function save(...args: readonly string[]): Promise<void> {
    expect(await compared(['--save', truth(), ...args])).toEqual({
      code: 0,
      stdout: `Saved the answers to 3 questions in ${truth()}.\n`,
      stderr: '',
    })
  }

  const withSaved = (against: string, ...args: readonly string[]) =>
    keepsake(
      ['compare', '--user', API_USER.username, '--recorded', truth(), '--against', wsdlOf(against), ...args],
      WITH_KEY,
    )

  test('are compared without the old shop, and without a database', async () => {
    await save('--bytes', '--rest')
    expect(await withSaved(here.url, '--bytes', '--rest')).toEqual({ code: 0, stdout: SAME, stderr: '' })
    await whileChanged(CHANGES, async (changed) => {
      expect(await withSaved(changed)).toEqual({ code: 1, stdout: lines(...TOLD), stderr: '' })
    })
  })

  test('must have what is to be compared', async () => {
    await save()
    for (const part of ['--bytes', '--rest'])
      expect(await withSaved(here.url, part)).toEqual({
        code: 2,
        stdout: '',
        stderr: `keepsake: ${truth()} was saved without ${part}\n`,
      })
  })

  test('must be whole', async () => {
    await save()
    const whole = await readFile(truth(), 'utf8')
    await writeFile(truth(), whole.slice(0, whole.lastIndexOf('{"end"')))
    expect(await withSaved(here.url)).toMatchObject({
      code: 2,
      stderr: `keepsake: ${truth()} is not whole: save the answers again\n`,
    })
    await writeFile(truth(), '{}')
    expect(await withSaved(here.url)).toMatchObject({
      code: 2,
      stderr: `keepsake: ${truth()} has no answers that keepsake compare has saved\n`,
    })
  })

  test('are only in a file once they are whole', async () => {
    await save()
    const before = await readFile(truth(), 'utf8')
    await control(old.url, 'POST', '/rules', { when: { product: 'Two' }, answer: { fault: 2 } })
    expect(await compared(['--save', truth()])).toMatchObject({ code: 2 })
    expect(await readFile(truth(), 'utf8')).toBe(before)
  })
})

describe('an old shop', () => {
  test('is asked again after a login where its session has expired, be it for several at once', async () => {
    for (const product of ['Sku', 'Two'])
      await control(old.url, 'POST', '/rules', {
        when: { method: 'list', product, nth: 1 },
        answer: { fault: 5 },
      })
    expect(await compared(['--concurrency', '3'])).toEqual({ code: 0, stdout: SAME, stderr: '' })
  })

  test.each([
    ['cuts the connection', { broken: 'cut' }],
    ['answers a page of a gateway', { http: 503 }],
  ])('that %s once is asked again', async (_what, answer) => {
    await control(old.url, 'POST', '/rules', { when: { method: 'list', nth: 2 }, answer })
    expect(await compared([])).toEqual({ code: 0, stdout: SAME, stderr: '' })
  })

  test('that answers a page of a gateway each time has not answered', async () => {
    await control(old.url, 'POST', '/rules', {
      when: { method: 'list', product: 'Two' },
      answer: { http: 500 },
    })
    expect(await compared(['--stores', 'admin'])).toEqual({
      code: 1,
      stdout: lines(
        'product 2, admin: no SOAP, with status 500 there, a list of 0 here',
        'Compared 2 products and 1 attribute sets: 1 differences, in 1 products (answer 1).',
      ),
      stderr: '',
    })
  })

  test('that answers no more ends the comparison with 2', async () => {
    await control(old.url, 'POST', '/rules', {
      when: { method: 'list', product: 'Two' },
      answer: { broken: 'cut' },
    })
    const { code, stderr } = await compared([])
    expect(stderr).toMatch(
      /^keepsake: the shop at http:\/\/127\.0\.0\.1:\d+\/api\/soap\/\?wsdl answers no more: .*\n$/,
    )
    expect(code).toBe(2)
  })

  test('has a pause after each answer', async () => {
    const started = Date.now()
    expect(await compared(['--concurrency', '1', '--pause', '200', '--stores', 'admin'])).toMatchObject({
      code: 0,
    })
    // The types, a list of each product, and four infos.
    expect(Date.now() - started).toBeGreaterThan(7 * 200)
  })

  test('is asked where the command says, whatever address its WSDL and its URLs have', async () => {
    const elsewhere = `http://127.0.0.1:${await freePort()}`
    const moved = await startTestServer({
      seed: SHOP,
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BASE_URL: elsewhere },
    })
    try {
      await fill(moved.url)
      const wsdl = wsdlOf(moved.url)
      expect(await compared([], WITH_KEY, { wsdl })).toEqual({ code: 0, stdout: SAME, stderr: '' })
      const media = `${moved.url}/media/`
      expect(await compared(['--bytes', '--media', media], WITH_KEY, { wsdl })).toMatchObject({ code: 0 })
      // As this shop is, which may not have its public address yet.
      expect(await compared(['--bytes'], WITH_KEY, { against: moved.url })).toMatchObject({ code: 0 })
      const { code, stderr } = await compared(['--bytes'], WITH_KEY, { wsdl })
      expect(stderr).toContain(`answers no more: fetch failed (connect ECONNREFUSED`)
      expect(code).toBe(2)
    } finally {
      await moved.stop()
    }
  })

  test('that says that its images are on another host is told', async () => {
    const base = old.url.replace('127.0.0.1', 'localhost')
    const named = await startTestServer({
      seed: SHOP,
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BASE_URL: base },
    })
    try {
      await fill(named.url)
      const { code, stdout, stderr } = await compared(['--bytes'], WITH_KEY, { wsdl: wsdlOf(named.url) })
      const [there, asked] = [new URL(base).host, new URL(named.url).host]
      expect(stderr).toBe(
        `keepsake: warning: the old shop says that its images are at ${there}, and not at ${asked}: --media names another place\n`,
      )
      expect({ code, stdout }).toEqual({ code: 0, stdout: SAME })
    } finally {
      await named.stop()
    }
  })
})

describe('what cannot be done ends with 2 and a line', () => {
  const refused = (stderr: unknown) => ({ code: 2, stdout: '', stderr })

  test.each([
    ['nonsense', /^keepsake: nonsense is no http or https address of a WSDL\n$/],
    ['ftp://old.example/', /^keepsake: ftp:\/\/old\.example\/ is no http or https address of a WSDL\n$/],
    ['OLD/nothing', /^keepsake: \S+\/nothing answers no WSDL of SOAP v1: Invalid WSDL URL: \S+\n$/],
    ['OLD/healthz', /^keepsake: \S+\/healthz answers no WSDL of SOAP v1: .+\n$/],
    ['OLD/api/v2_soap/?wsdl', /^keepsake: \S+ answers no WSDL of SOAP v1: it has no login and call\n$/],
    ['CLOSED', /^keepsake: \S+ answers no WSDL of SOAP v1: connect ECONNREFUSED 127\.0\.0\.1:\d+\n$/],
  ])('the address %s', async (address, told) => {
    const closed = `http://127.0.0.1:${await freePort()}/api/soap/?wsdl`
    const wsdl = address.replace('OLD', old.url).replace('CLOSED', closed)
    expect(await compared([], WITH_KEY, { wsdl })).toEqual(refused(expect.stringMatching(told)))
  })

  test('a wrong key, a key file that is not there, and no key at all', async () => {
    expect(await compared([], { KEEPSAKE_COMPARE_KEY: 'wrong' })).toEqual(
      refused(`keepsake: apiUser cannot log in at ${wsdlOf(old.url)}: Access denied.\n`),
    )
    expect(await compared(['--key-file', inDirectory('none')], {})).toEqual(
      refused(expect.stringMatching(/^keepsake: \S+none cannot be read: ENOENT.*\n$/)),
    )
    expect(await compared([], {})).toEqual(
      refused('keepsake: the key of apiUser is missing: give it by KEEPSAKE_COMPARE_KEY or --key-file\n'),
    )
  })

  test('a user who may read no images', async () => {
    const environment = { KEEPSAKE_COMPARE_KEY: 'idleKey123' }
    expect(await compared(['--user', 'idle', '--sets', '4'], environment)).toEqual(
      refused(`keepsake: idle may not read the images of products at ${wsdlOf(old.url)}: Access denied.\n`),
    )
  })

  test('no shop, two shops, and a file of ids that is none', async () => {
    const user = ['--user', API_USER.username]
    const either = 'give either the address of the old shop, or --recorded with its saved answers'
    expect(await keepsake(['compare', ...user], WITH_KEY)).toEqual(refused(`keepsake: ${either}\n`))
    expect(await compared(['--recorded', 'truth.json'])).toEqual(refused(`keepsake: ${either}\n`))
    await writeFile(inDirectory('skus.txt'), 'Sku\n')
    expect(await compared(['--products', inDirectory('skus.txt')])).toEqual(
      refused(`keepsake: ${inDirectory('skus.txt')}, line 1: expected the id of a product\n`),
    )
  })

  test('a command line that is none', async () => {
    for (const args of [['--nosuch'], ['--sample', '0'], ['--pause', 'long']])
      expect((await compared(args)).code).toBe(2)
    expect((await keepsake(['compare', '--help'])).code).toBe(0)
  })
})

describe('the key', () => {
  test('is the first line of a file', async () => {
    expect(await compared(['--key-file', inDirectory('key')], {})).toMatchObject({ code: 0 })
  })

  test('is typed at a terminal, which does not show it', async () => {
    const ids = `--products ${inDirectory('ids.txt')}`
    const command = `${process.execPath} ${MAIN} compare '${wsdlOf(old.url)}' --user apiUser ${ids} --against '${wsdlOf(here.url)}'`
    const terminal = spawn('script', ['-qec', command, '/dev/null'])
    let shown = ''
    terminal.stdout.on('data', (piece: Buffer) => {
      shown += piece.toString()
      if (shown === 'Key of apiUser: ') terminal.stdin.write(`${API_USER.apiKey}\r`)
    })
    const [code] = await once(terminal, 'close')
    expect(shown).toContain('Compared 2 products')
    expect(shown.split('Compared')[0]).toContain('Key of apiUser: ')
    expect(code).toBe(0)
  })
})

describe('without --against, this shop is served to the command alone', () => {
  test('from the embedded database, whose ids are asked about, unless a server has it', async () => {
    const environment = { ...WITH_KEY, KEEPSAKE_DATA_DIR: inDirectory('data') }
    await writeFile(inDirectory('seed.json'), SHOP)
    expect((await keepsake(['seed', inDirectory('seed.json')], environment)).code).toBe(0)
    const args = ['compare', wsdlOf(old.url), '--user', API_USER.username]
    const alone = await keepsake([...args, '--stores', 'admin'], environment)
    expect(alone).toMatchObject({ code: 1, stderr: '' })
    expect(alone.stdout).toContain('product 1, admin, /f/r/front.jpg: missing here\n')
    expect(alone.stdout).toContain('Compared 2 products and 1 attribute sets: 4 differences')

    const server = await startTestServer({ environment: { KEEPSAKE_DATA_DIR: inDirectory('data') } })
    try {
      const refused = await keepsake([...args, '--port', '8081'], environment)
      expect(refused.code).toBe(2)
      expect(refused.stderr).toMatch(
        / is in use by process \d+ on .*; or compare with the server that runs: --against http:\/\/127\.0\.0\.1:8081\/api\/soap\/\?wsdl --products ids\.txt\n$/,
      )
      const running = ['--against', wsdlOf(server.url), '--products', inDirectory('ids.txt')]
      expect(await keepsake([...args, ...running], environment)).toMatchObject({ code: 1, stderr: '' })
      const port = new URL(server.url).port
      const known = ['--port', port, '--products', inDirectory('ids.txt')]
      expect(await keepsake([...args, ...known], environment)).toMatchObject({ code: 1, stderr: '' })
    } finally {
      await server.stop()
    }
  })

  const serverUrl = process.env.TEST_DATABASE_URL
  const onPostgres = serverUrl ? test : test.skip

  onPostgres('from a PostgreSQL, beside the servers that run on it', async () => {
    const { url, drop } = await temporaryDatabase(serverUrl ?? '')
    const environment = { DATABASE_URL: url, KEEPSAKE_DATA_DIR: inDirectory('with-postgres') }
    const server = await startTestServer({ seed: SHOP, environment })
    try {
      await fill(server.url)
      const args = ['compare', wsdlOf(old.url), '--user', API_USER.username, '--rest', '--bytes']
      const asked = { ...WITH_KEY, ...environment }
      expect(await keepsake(args, asked)).toEqual({ code: 0, stdout: SAME, stderr: '' })
      expect(await keepsake([...args, '--against', wsdlOf(server.url)], asked)).toEqual({
        code: 0,
        stdout: SAME,
        stderr: '',
      })
    } finally {
      await server.stop()
      await drop()
    }
  })
})
