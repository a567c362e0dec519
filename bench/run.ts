import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { type Case, IMAGE_PRESETS, prepareCases, SEED, USER } from './cases'
import { measureDouble } from './double'
import { measureImports } from './importing'
import { measureLibrary } from './library'
import { answerOf, type Measured, measure } from './load'
import { type ServerProcess, startProcess } from './processes'
import { measureRounds } from './rounds'
import { loginRequest, post, returned } from './soap'

/** The answers per second of a complete Magento 1 on two cores, as measured once. */
const MAGENTO: Readonly<Record<string, number>> = { 'list, 5 images': 77, 'create, 50 KB': 15 }

const MAIN = 'src/main.js'

const SERVER_URL = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

let databases = 0

interface Row {
  readonly name: string
  readonly keepsake: Measured
  readonly express: Measured | null
  readonly http: Measured
}

/** A part that can be measured alone: `npm run bench -- double`. Without a name, all parts are measured. */
type Part = 'calls' | 'double' | 'library' | 'statements' | 'versions' | 'importing'

/** Parts that are measured only when they are asked for by name. */
const ON_DEMAND: ReadonlySet<Part> = new Set(['statements', 'versions', 'importing'])

function isAsked(part: Part): boolean {
  const asked = process.argv.slice(2)
  return asked.length === 0 ? !ON_DEMAND.has(part) : asked.includes(part)
}

/** Measures Keepsake and the fastest possible servers in one run on one machine, and prints the results. */
async function main(): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'keepsake-bench-'))
  try {
    await writeFile(path.join(directory, 'seed.json'), JSON.stringify(SEED))
    await writeFile(path.join(directory, 'presets.json'), JSON.stringify(IMAGE_PRESETS))
    print(
      `${os.cpus()[0]?.model.trim()}, ${os.cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
    )
    if (isAsked('calls')) await measureStarts(directory)
    const isUsual = isAsked('calls') || isAsked('double')
    const postgres = isUsual ? await temporaryDatabase(SERVER_URL) : null
    if (postgres) {
      const title = `PostgreSQL ${postgres.version}`
      const environment = { DATABASE_URL: postgres.url }
      if (isAsked('calls')) await measureOn(title, directory, 'postgres', environment, postgres.url)
      if (isAsked('double')) await measureDouble(title, directory, environment, print)
      await postgres.drop()
    } else if (isUsual) {
      print('\nPostgreSQL: not measured, none answers at BENCH_DATABASE_URL')
    }
    if (isAsked('calls')) await measureOn('embedded database', directory, 'embedded', {}, null)
    if (isAsked('double')) await measureDouble('embedded database, in memory', directory, {}, print)
    if (isAsked('library')) await measureLibrary(print)
    if (isAsked('statements')) await measureStatements(directory)
    if (isAsked('versions')) await measureVersions(directory)
    if (isAsked('importing')) await measureImports(directory, () => temporaryDatabase(SERVER_URL), print)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** What KEEPSAKE_STATEMENTS=unnamed costs, which a PgBouncer in transaction mode needs. */
async function measureStatements(directory: string): Promise<void> {
  print('\n### Named and unnamed statements, PostgreSQL, in alternating rounds\n')
  await measureRivals(
    directory,
    [
      { name: 'named', script: MAIN, environment: {} },
      { name: 'unnamed', script: MAIN, environment: { KEEPSAKE_STATEMENTS: 'unnamed' } },
    ],
    ['list, 5 images', 'create, 50 KB'],
  )
}

/** This build beside another one, whose `dist` BENCH_OTHER_BUILD names. */
async function measureVersions(directory: string): Promise<void> {
  const other = process.env.BENCH_OTHER_BUILD
  if (other === undefined) throw new Error('BENCH_OTHER_BUILD must name the folder dist of another build')
  print('\n### Another build and this one, PostgreSQL, in alternating rounds\n')
  await measureRivals(
    directory,
    [
      { name: 'the other', script: path.resolve(other, MAIN), environment: {} },
      { name: 'this', script: MAIN, environment: {} },
    ],
    ['list, 5 images', 'REST GET, 5 images', 'info', 'fault 101', 'login', 'create, 50 KB', 'create, 500 KB'],
  )
}

interface RivalServer {
  readonly name: string
  readonly script: string
  readonly environment: NodeJS.ProcessEnv
}

async function measureRivals(
  directory: string,
  servers: readonly [RivalServer, RivalServer],
  cases: readonly string[],
): Promise<void> {
  const closers: (() => Promise<void>)[] = []
  const start = async ({ name, script, environment }: RivalServer) => {
    const postgres = await temporaryDatabase(SERVER_URL)
    if (!postgres) throw new Error('no PostgreSQL answers at BENCH_DATABASE_URL')
    closers.push(() => postgres.drop())
    const data = path.join(directory, name)
    const settings = { DATABASE_URL: postgres.url, ...environment }
    const args = [
      '--seed',
      path.join(directory, 'seed.json'),
      '--image-presets',
      path.join(directory, 'presets.json'),
    ]
    const server = await startKeepsake(data, args, settings, script)
    closers.push(() => server.stop())
    return { name, url: server.url, cases: await prepareCases(server.url) }
  }
  try {
    await measureRounds([await start(servers[0]), await start(servers[1])], cases, print)
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

async function measureStarts(directory: string): Promise<void> {
  print('\n### From the start of the process to the answer of a first login, embedded database\n')
  print('| start | ms |\n|---|---:|')
  for (const label of ['cold', 'warm', 'warm', 'warm']) {
    const started = performance.now()
    const seed = label === 'cold' ? ['--seed', path.join(directory, 'seed.json')] : []
    const server = await startKeepsake(path.join(directory, 'starts'), seed, {})
    returned(await post(server.url, loginRequest(USER.username, USER.apiKey)))
    print(`| ${label} | ${Math.round(performance.now() - started)} |`)
    await server.stop()
  }
}

async function measureOn(
  title: string,
  directory: string,
  name: string,
  environment: NodeJS.ProcessEnv,
  floorDatabase: string | null,
): Promise<void> {
  print(`\n### ${title}\n`)
  print('| call | per second | median ms | p99 ms | of express floor | of node:http floor | of Magento 1 |')
  print('|---|---:|---:|---:|---:|---:|---:|')
  const server = await startKeepsake(
    path.join(directory, name),
    ['--seed', path.join(directory, 'seed.json'), '--image-presets', path.join(directory, 'presets.json')],
    environment,
  )
  try {
    for (const subject of await prepareCases(server.url)) {
      print(rowText(await measureCase(subject, server, directory, floorDatabase)))
    }
  } finally {
    await server.stop()
  }
}

async function measureCase(
  { name, requests, load }: Case,
  server: ServerProcess,
  directory: string,
  floorDatabase: string | null,
): Promise<Row> {
  const [first] = requests
  if (!first) throw new Error(`${name} has no request`)
  const answerFile = path.join(directory, 'answer')
  await writeFile(answerFile, await answerOf(server.url, first))
  const warmUp = { ...load, seconds: 1 }
  // Warm up for longer than the other servers: without this, the first case would include the time of JIT compilation.
  await measure(server.url, requests, { ...load, seconds: 4 })
  const keepsake = await measure(server.url, requests, load)
  const floor = async (kind: string, environment: NodeJS.ProcessEnv) => {
    const floorServer = await startProcess('bench/floors.js', [kind, answerFile], environment)
    await measure(floorServer.url, requests, warmUp)
    const measured = await measure(floorServer.url, requests, load)
    await floorServer.stop()
    return measured
  }
  const express = floorDatabase === null ? null : await floor('express', { DATABASE_URL: floorDatabase })
  return { name, keepsake, express, http: await floor('http', {}) }
}

function rowText({ name, keepsake, express, http }: Row): string {
  const magento = MAGENTO[name]
  const cells = [
    name,
    Math.round(keepsake.rate),
    keepsake.median,
    keepsake.p99,
    express ? share(keepsake.rate, express.rate) : '',
    share(keepsake.rate, http.rate),
    magento === undefined ? '' : `${(keepsake.rate / magento).toFixed(1)} ×`,
  ]
  return `| ${cells.join(' | ')} |`
}

function share(rate: number, floor: number): string {
  return `${Math.round((100 * rate) / floor)} % of ${Math.round(floor)}`
}

function startKeepsake(
  dataDirectory: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  script = MAIN,
) {
  const settings = {
    DATABASE_URL: undefined,
    KEEPSAKE_PORT: '0',
    KEEPSAKE_DATA_DIR: dataDirectory,
    ...environment,
  }
  return startProcess(script, ['start', ...args], settings)
}

/** Creates a new database on this server; returns null if no server answers. */
async function temporaryDatabase(serverUrl: string) {
  const client = new Client({ connectionString: serverUrl })
  try {
    await client.connect()
  } catch {
    return null
  }
  const name = `keepsake_bench_${process.pid}_${databases++}`
  await client.query(`CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const { rows } = await client.query('SHOW server_version')
  return {
    url: url.href,
    version: String(rows[0].server_version).split(' ')[0],
    async drop() {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await client.end()
    },
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
