import { Worker } from 'node:worker_threads'

/** Ends the process when an input holds it up, which nothing inside of it could do: a loop lets nobody else run. */
export interface Watchdog {
  watch(dialect: string, input: Buffer): void
  stop(): Promise<void>
}

/** Far beyond what is a failure, so that a busy machine is none. */
const PATIENCE_MILLISECONDS = 30_000

const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads')
let last = null
let since = Date.now()
parentPort.on('message', (message) => {
  if (message === null) process.exit(0)
  last = message
  since = Date.now()
})
setInterval(() => {
  if (last === null || Date.now() - since < workerData) return
  const input = last.dialect + ' ' + Buffer.from(last.input).toString('base64')
  require('node:fs').writeSync(2, '\\nNo answer within ' + workerData + ' ms to KEEPSAKE_FUZZ_INPUT="' + input + '"\\n')
  process.kill(process.pid, 'SIGKILL')
}, 1000)
`

export function startWatchdog(): Watchdog {
  const worker = new Worker(SCRIPT, { eval: true, workerData: PATIENCE_MILLISECONDS })
  return {
    watch: (dialect, input) => worker.postMessage({ dialect, input }),
    async stop() {
      await worker.terminate()
    },
  }
}
