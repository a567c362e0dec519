import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** A server in its own process, so that it does not share an event loop with the measuring code. */
export interface ServerProcess {
  readonly url: string
  /** The time from the start of the process until it printed its URL, in milliseconds. */
  readonly startedIn: number
  /** Ends the process, and waits until it has ended. */
  stop(): Promise<void>
}

const SERVING = /https?:\/\/[^/\s]+/

/** Starts a script of this build, or one with an absolute path, and waits until it prints its URL. */
export async function startProcess(
  script: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const started = performance.now()
  const child = spawn(process.execPath, [path.resolve(__dirname, '..', script), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await announcedUrl(child)
  return {
    url,
    startedIn: performance.now() - started,
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function announcedUrl(child: ChildProcess): Promise<string> {
  const output = child.stdout
  if (!output) throw new Error('the process has no output to read')
  let text = ''
  for await (const chunk of output) {
    text += chunk
    const url = SERVING.exec(text)?.[0]
    if (url !== undefined && text.includes('\n')) {
      output.resume()
      return url
    }
  }
  throw new Error(`the process ended before it served: ${text}`)
}
