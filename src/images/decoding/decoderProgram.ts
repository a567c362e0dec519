import { Console } from 'node:console'
import { read } from 'node:fs'
import { decodingTask } from './decodingTask'
import { decoded } from './decodingWork'
import { FrameReader, framed } from './frames'

const STANDARD_INPUT = 0

// Standard output has answers alone: what a library has to say of an image goes elsewhere.
globalThis.console = new Console(process.stderr)

/**
 * The program of a decoder's process: takes one task after the other from standard input, and writes what came of each to
 * standard output. It ends with its input, which ends with the server.
 */
const tasks = new FrameReader()

/** Reads an image where it is to lie: a stream would leave its pieces behind, which are as much once more. */
function readOn(): void {
  read(STANDARD_INPUT, tasks.room(), 0, tasks.room().length, null, (err, length) => {
    // The threads of libvips would be waited for otherwise.
    if (err || length === 0) process.kill(process.pid, 'SIGKILL')
    const frame = tasks.filled(length)
    if (frame) void answer(frame.value, frame.bytes)
    readOn()
  })
}

// A terminal and a supervisor signal all processes of a group, but the server still answers what is under way.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

async function answer(task: unknown, image: Buffer): Promise<void> {
  const { result, bytes } = await decoded(decodingTask.parse(task), image)
  for (const part of framed(result, bytes)) process.stdout.write(part)
}

readOn()
