import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Socket } from 'node:net'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { type Decoded, type DecodingTask, decodingResult } from './decodingTask'
import { FrameReader, framed } from './frames'

/** Is there beside this file when that is compiled. */
const PROGRAM = path.join(__dirname, 'decoderProgram.js')

/** Whether processes can be started: not from the sources. */
export const isProgramThere = existsSync(PROGRAM)

/** What a decoder is told of the server's environment: no setting, and so no secret. */
const TOLD = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']

/** The process has ended before it answered. */
export class DecoderEnded extends Error {
  override readonly name = 'DecoderEnded'

  /** @param why its time was over, or it has ended by itself: it crashed, or somebody killed it */
  constructor(
    readonly why: 'time' | 'crash',
    message: string,
  ) {
    super(message)
  }
}

interface Waiting {
  resolve(decoded: Decoded): void
  reject(reason: Error): void
}

/**
 * A process that decodes one image at a time. It can be ended at any moment, which nothing else can do to a decoder that
 * works on a hostile image; and what crashes it crashes no server. It keeps the server from ending only while it works.
 */
export class DecoderProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #answers = new FrameReader()
  #waiting: Waiting | null = null
  #isOver = false

  constructor() {
    this.#child = spawn(process.execPath, [PROGRAM], {
      env: { ...Object.fromEntries(TOLD.map((name) => [name, process.env[name]])), MALLOC_ARENA_MAX: '2' },
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    })
    this.#child.stdout.on('data', (chunk: Buffer) => {
      for (const { value, bytes } of this.#answers.read(chunk))
        this.#settle(({ resolve }) => resolve({ result: decodingResult.parse(value), bytes }))
    })
    // A process that has ended takes no more bytes; how it ended is told by its end.
    this.#child.stdin.on('error', () => {})
    this.#child.on('error', (err) => this.#end(err))
    this.#child.on('close', (code, signal) =>
      this.#end(new DecoderEnded('crash', `the decoder has ended: ${signal ?? `status ${code}`}`)),
    )
    this.#holdServer(false)
  }

  /** Whether it takes no more tasks. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** @throws DecoderEnded when it takes longer than that, or crashes; whatever keeps a process from being started */
  async decode(task: DecodingTask, bytes: Buffer, timeoutSeconds: number): Promise<Decoded> {
    if (this.#isOver) throw new DecoderEnded('crash', 'the decoder has ended')
    this.#holdServer(true)
    const deadline = setTimeout(
      () => this.#end(new DecoderEnded('time', `it takes longer than ${timeoutSeconds} s to decode`)),
      timeoutSeconds * 1000,
    )
    try {
      return await new Promise<Decoded>((resolve, reject) => {
        this.#waiting = { resolve, reject }
        for (const part of framed(task, bytes)) this.#child.stdin.write(part)
      })
    } finally {
      clearTimeout(deadline)
      this.#holdServer(false)
    }
  }

  /** Ends it, and what it works on with it. */
  close(): void {
    this.#end(new Error('the decoder was closed'))
  }

  #end(reason: Error): void {
    this.#isOver = true
    this.#child.kill('SIGKILL')
    this.#settle(({ reject }) => reject(reason))
  }

  #settle(settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting) settle(waiting)
  }

  /** Keeps this process from ending while there is something to wait for. */
  #holdServer(isWorking: boolean): void {
    const call = isWorking ? 'ref' : 'unref'
    this.#child[call]()
    for (const pipe of [this.#child.stdin, this.#child.stdout]) if (pipe instanceof Socket) pipe[call]()
  }
}
