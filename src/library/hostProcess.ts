import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { packageRoot } from '../packageRoot'
import type { HostAnswer, HostRequest, StartedServer, WantedServer } from './hostMessages'
import { KeepsakeError } from './keepsakeError'

/** The compiled script of the host. It is used even if this file itself runs from its TypeScript source. */
const HOST = path.join(packageRoot, 'dist', 'src', 'library', 'host.js')

/**
 * How long a host without servers waits for the next start before it exits. A start in a warm process takes half the
 * time.
 */
const IDLE_MS = 5000

/**
 * Runs servers in a child process (decision 017). There, the fake timers and the VM of a test do not affect them, and
 * they answer even while the test blocks its own process, for example while it waits for a PHP script. The child
 * process does not keep its parent alive, and exits with it.
 */
class HostProcess {
  readonly #child: ChildProcess
  readonly #asked = new Map<number, Asked>()
  readonly #servers = new Set<number>()
  #numbered = 0
  #idle: NodeJS.Timeout | null = null
  #hasEnded = false

  constructor() {
    const { NODE_OPTIONS: _, ...environment } = process.env
    this.#child = fork(HOST, [], {
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child.unref()
    this.#child.channel?.unref()
    this.#child.on('message', (answer: HostAnswer) => this.#answered(answer))
    this.#child.once('error', (cause) => this.#ended(cause.message))
    this.#child.once('exit', (code, signal) => this.#ended(`it ended with ${signal ?? code}`))
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Starts a server. @throws KeepsakeError if it cannot start */
  async start(wanted: WantedServer): Promise<{ server: number; started: StartedServer }> {
    const server = ++this.#numbered
    this.#servers.add(server)
    if (this.#idle) clearTimeout(this.#idle)
    try {
      const answer = await this.#ask({ kind: 'start', server, wanted })
      if (answer.kind !== 'ready') throw new KeepsakeError(`the host answered ${answer.kind}`)
      return { server, started: answer.started }
    } catch (thrown) {
      this.#forget(server)
      throw thrown
    }
  }

  /** Stops a server. It does nothing if the server was stopped before, or the host has ended. @throws KeepsakeError */
  async stop(server: number): Promise<void> {
    if (!this.#servers.has(server) || this.#hasEnded) return
    this.#servers.delete(server)
    try {
      await this.#ask({ kind: 'stop', server })
    } finally {
      this.#forget(server)
    }
  }

  #ask(request: HostRequest): Promise<HostAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#asked.size === 0) this.#child.channel?.ref()
      this.#asked.set(request.server, { resolve, reject })
      this.#child.send(request, (cause) => {
        if (cause) this.#ended(cause.message)
      })
    })
  }

  #answered(answer: HostAnswer): void {
    const asked = this.#asked.get(answer.server)
    this.#asked.delete(answer.server)
    if (this.#asked.size === 0) this.#child.channel?.unref()
    if (answer.kind === 'failed') asked?.reject(new KeepsakeError(answer.message))
    else asked?.resolve(answer)
  }

  #forget(server: number): void {
    this.#servers.delete(server)
    if (this.#servers.size > 0 || this.#hasEnded) return
    this.#idle = setTimeout(() => this.#end(), IDLE_MS)
    this.#idle.unref()
  }

  #end(): void {
    this.#hasEnded = true
    if (this.#child.connected) this.#child.disconnect()
  }

  #ended(why: string): void {
    this.#hasEnded = true
    const asked = [...this.#asked.values()]
    this.#asked.clear()
    for (const { reject } of asked) reject(new KeepsakeError(`the process of the server failed: ${why}`))
  }
}

interface Asked {
  resolve(answer: HostAnswer): void
  reject(reason: KeepsakeError): void
}

let current: HostProcess | null = null

/** Returns the host of this process's servers, and starts it if there is none. */
export function sharedHost(): HostProcess {
  if (!current || current.hasEnded) current = new HostProcess()
  return current
}
