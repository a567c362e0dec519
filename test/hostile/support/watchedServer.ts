import { readFileSync, writeFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { type Environment, keepsake, type Serving, serving } from '../../support/cli'

/** What one input has cost the server. */
export interface Cost {
  /** The longest that the event loop did not turn, in milliseconds of CPU time. */
  readonly longestTurnMs: number
  /** The most memory that the process had at once beyond what it has when idle, in bytes. */
  readonly memoryBytes: number
  /** The same, with that of its decoders, in bytes: never less than what they had at the same time. */
  readonly memoryWithDecodersBytes: number
}

/** A server in a process of its own that is watched from within (`probe.cjs`) and by the system. */
export interface WatchedServer {
  readonly url: string
  /** Has the work done, and tells what it cost. */
  measure<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly cost: Cost }>
  stop(): Promise<void>
}

const PROBE = path.join(__dirname, 'probe.cjs')

/** In bytes; more, and a fresh process measures the next input. */
const MOST_LEFT_BEHIND = 24 * 1024 * 1024

/** Starts the built server on the embedded database and the disk, in this directory. */
export async function watchedServer(
  directory: string,
  seed: string,
  port: number,
  environment: Environment = {},
): Promise<WatchedServer> {
  const dataDirectory = path.join(directory, 'data')
  const socket = path.join(directory, 'probe.sock')
  const settings = { KEEPSAKE_DATA_DIR: dataDirectory, KEEPSAKE_LOG_LEVEL: 'error', ...environment }
  const seedFile = path.join(directory, 'seed.json')
  await writeFile(seedFile, seed)
  const seeded = await keepsake(['seed', seedFile], settings)
  if (seeded.code !== 0) throw new Error(seeded.stderr)
  const start = async () => {
    await rm(socket, { force: true })
    return serving({ ...settings, NODE_OPTIONS: `--require ${PROBE}`, KEEPSAKE_PROBE_SOCKET: socket }, [
      '--port',
      String(port),
    ])
  }
  let server: Serving = await start()
  let idleBytes = (await ask(socket, 'POST')).rssBytes
  /** What a decoder has that has worked on a small image alone; known once there is one. */
  let idleDecoderBytes: number | null = null
  return {
    url: server.url,
    async measure(work) {
      idleDecoderBytes ??= decoderBytes(server.pid, 0)
      const { rssBytes } = await ask(socket, 'POST')
      // What the allocator keeps of the last input must not make room for the next.
      if (rssBytes > idleBytes + MOST_LEFT_BEHIND) {
        await server.stop('SIGTERM')
        server = await start()
        idleBytes = (await ask(socket, 'POST')).rssBytes
      }
      // The decoder of the last input must not have the memory ready that this one takes.
      for (const decoder of childrenOf(server.pid)) process.kill(decoder, 'SIGKILL')
      forgetPeak(server.pid)
      const result = await work()
      const { longestTurnMs } = await ask(socket, 'GET')
      const memoryBytes = peakBytes(server.pid) - idleBytes
      const memoryWithDecodersBytes = memoryBytes + decoderBytes(server.pid, idleDecoderBytes)
      return { result, cost: { longestTurnMs, memoryBytes, memoryWithDecodersBytes } }
    },
    stop: async () => void (await server.stop('SIGTERM')),
  }
}

/** Has the system begin anew with the highest resident set that it remembers (`proc_pid_clear_refs(5)`). */
function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** The processes that this one has started, and that run. */
export function childrenOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
  return children === '' ? [] : children.split(' ').map(Number)
}

function decoderBytes(pid: number, idleBytes: number): number {
  return childrenOf(pid).reduce((sum, decoder) => sum + peakBytes(decoder) - idleBytes, 0)
}

function peakBytes(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kilobytes) * 1024
}

interface Readings {
  readonly longestTurnMs: number
  readonly rssBytes: number
}

function ask(socketPath: string, method: 'GET' | 'POST'): Promise<Readings> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve(JSON.parse(text)))
    })
    request.on('error', reject)
    request.end()
  })
}
