import { decodingTask } from './decodingTask'
import { decoded } from './decodingWork'
import { FrameReader, framed } from './frames'

/**
 * The program of a decoder's process: takes one task after the other from standard input, and writes what came of each to
 * standard output. It ends with its input, which ends with the server.
 */
const tasks = new FrameReader()

process.stdin.on('data', (chunk: Buffer) => {
  for (const { value, bytes } of tasks.read(chunk)) void answer(value, bytes)
})

// The threads of libvips would be waited for otherwise.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'))

// A terminal and a supervisor signal all processes of a group, but the server still answers what is under way.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

async function answer(task: unknown, image: Buffer): Promise<void> {
  const { result, bytes } = await decoded(decodingTask.parse(task), image)
  for (const part of framed(result, bytes)) process.stdout.write(part)
}
