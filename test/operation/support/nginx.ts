import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { packageRoot } from '../../../src/packageRoot'
import { freePort } from '../../support/freePort'
import type { HttpAnswer, HttpRequest } from '../../support/http'
import { temporaryDirectory } from '../../support/server'

/** The name that the shipped file serves. */
export const HOST = 'shop.example'

/** A running nginx with the shipped configuration. */
export interface Nginx {
  /** Where it speaks without TLS. */
  readonly plainUrl: string
  /** Sends a request over TLS as a client of this IPv4 address. `signal` gives it up. */
  ask(client: string, request: HttpRequest & { readonly signal?: AbortSignal }): Promise<HttpAnswer>
  stop(): Promise<void>
}

/** Starts it before a server. @param changes what else is written in place of what in the shipped file */
export async function startNginx(
  serverUrl: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<Nginx> {
  const { directory, remove } = await temporaryDirectory()
  const [plain, secure] = [await freePort(), await freePort()]
  const certificate = await writeCertificate(directory)
  const { host } = new URL(serverUrl)
  const derived = replaced(await readFile(path.join(packageRoot, 'examples', 'nginx.conf'), 'utf8'), {
    'listen 80;': `listen 127.0.0.1:${plain};`,
    // The PROXY protocol lets a test be a client of any address.
    'listen 443 ssl;': `listen 127.0.0.1:${secure} ssl proxy_protocol; set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;`,
    'cluster-1:8080': host,
    'cluster-2:8080': host,
    '/etc/nginx/tls/': `${directory}/`,
    ...changes,
  })
  await writeFile(path.join(directory, 'keepsake.conf'), derived)
  await writeFile(path.join(directory, 'nginx.conf'), mainConfiguration(directory))
  await mkdir(path.join(directory, 'temp'))
  const child = spawn('nginx', ['-p', directory, '-c', path.join(directory, 'nginx.conf')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'close').then(() => true)
  try {
    await untilListening(secure, ended)
  } catch (thrown) {
    await remove()
    throw thrown
  }
  return {
    plainUrl: `http://127.0.0.1:${plain}`,
    ask: (client, request) => ask({ client, port: secure, certificate }, request),
    async stop() {
      child.kill('SIGTERM')
      await ended
      await remove()
    },
  }
}

/** @throws if the text has nothing of that: the test would be of another configuration than it thinks */
function replaced(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((changed, [what, by]) => {
    if (!changed.includes(what)) throw new Error(`examples/nginx.conf has no ${what}`)
    return changed.replaceAll(what, by)
  }, text)
}

function mainConfiguration(directory: string): string {
  const isRoot = process.getuid?.() === 0
  return `
    ${isRoot ? 'user root;' : ''}
    daemon off;
    worker_processes 1;
    pid ${directory}/nginx.pid;
    error_log ${directory}/error.log;
    events {}
    http {
      access_log off;
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((of) => `${of}_temp_path ${directory}/temp/${of};`).join('\n')}
      include ${directory}/keepsake.conf;
    }`
}

async function writeCertificate(directory: string): Promise<Buffer> {
  const certificate = path.join(directory, 'fullchain.pem')
  const key = path.join(directory, 'privkey.pem')
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const names = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`]
  await promisify(execFile)('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', certificate])
  return readFileSync(certificate)
}

async function untilListening(port: number, ended: Promise<unknown>): Promise<void> {
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
  })
  while (!(await accepts(port))) {
    if (hasEnded) throw new Error('nginx ended before it listened')
    await pause(20)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    const told = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => told(true)).once('error', () => told(false))
  })
}

interface Connection {
  readonly client: string
  readonly port: number
  readonly certificate: Buffer
}

async function ask(
  { client, port, certificate }: Connection,
  {
    method = 'GET',
    path: asked = '/',
    headers = {},
    body,
    signal,
  }: HttpRequest & { readonly signal?: AbortSignal },
): Promise<HttpAnswer> {
  const socket = net.connect(port, '127.0.0.1')
  socket.write(`PROXY TCP4 ${client} 127.0.0.1 40000 443\r\n`)
  const secured = tls.connect({ socket, servername: HOST, ca: certificate })
  await once(secured, 'secureConnect')
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        method,
        path: asked,
        headers: { host: HOST, ...headers },
        createConnection: () => secured,
        signal,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const { statusCode: status = 0, headers: told } = response
          resolve({ status, headers: told, body: bytes, text: bytes.toString() })
        })
      },
    )
    request.on('error', reject)
    // A body that was announced and is not there keeps the request under way.
    if (body === undefined && 'content-length' in headers) request.flushHeaders()
    else request.end(body)
  })
}
