import type { ImagePreset, VariantFormat } from '../../catalog/variants/imagePreset'
import { UnrenderableOriginal } from '../../catalog/variants/ports'
import { networkOf } from '../../contract/clientNetwork'
import { FairQueue } from '../../contract/fairQueue'
import { inTurns } from '../../contract/turns'
import { DecoderEnded, DecoderProcess, isProgramThere } from './decoderProcess'
import type { Decoded, DecodingTask } from './decodingTask'
import { decoded } from './decodingWork'
import { formatOf } from './imageFormat'
import { structureProblem } from './imageStructure'

export interface ImageDecoderOptions {
  /** Images with more pixels than this are invalid. */
  readonly maxPixels: number
  /** How many images are decoded at once; the others wait, each client for its turn. */
  readonly concurrency: number
  /** After so many seconds of decoding, an image is given up. */
  readonly timeoutSeconds: number
  /** Told how many seconds each decode took, its wait left out. */
  readonly onDecoded?: ((seconds: number) => void) | undefined
}

/** An image that is not decoded, for a reason that lies in it. The message names it, in words of ours or of libvips. */
export class UndecodableImage extends Error {
  override readonly name = 'UndecodableImage'
}

/** Decodes images within bounds of pixels, number and time: for all that decode, one of these. */
export class ImageDecoder {
  readonly #queue
  readonly #idle = new Set<DecoderProcess>()
  readonly #working = new Set<DecoderProcess>()
  #isClosed = false

  constructor(private readonly options: ImageDecoderOptions) {
    this.#queue = new FairQueue(options.concurrency)
  }

  /** Returns how many images are being decoded and how many wait. */
  load(): { readonly running: number; readonly waiting: number } {
    return this.#queue.load()
  }

  /** Decodes every pixel of an image, of an animation the first frame, and answers its size. @throws UndecodableImage */
  async measure(bytes: Buffer, client: string): Promise<{ readonly width: number; readonly height: number }> {
    const { result } = await this.#decoded(
      { kind: 'measure', maxPixels: this.options.maxPixels },
      bytes,
      client,
    )
    if ('problem' in result) throw new UndecodableImage(result.problem)
    return result
  }

  /** Makes a variant. @throws UnrenderableOriginal */
  async render(bytes: Buffer, preset: ImagePreset, format: VariantFormat, client: string): Promise<Buffer> {
    const { maxPixels } = this.options
    const variant = await this.#decoded({ kind: 'render', maxPixels, preset, format }, bytes, client)
    if ('problem' in variant.result) throw new UnrenderableOriginal(variant.result.problem)
    return variant.bytes
  }

  /** Why an image is refused; null for one that is decoded. */
  async problemOf(bytes: Buffer): Promise<string | null> {
    try {
      await this.measure(bytes, '')
      return null
    } catch (thrown) {
      if (thrown instanceof UndecodableImage) return thrown.message
      throw thrown
    }
  }

  /** Gives up what is decoded, and what waits. */
  close(): void {
    this.#isClosed = true
    for (const decoder of [...this.#idle, ...this.#working]) decoder.close()
  }

  async #decoded(task: DecodingTask, bytes: Buffer, client: string): Promise<Decoded> {
    const format = formatOf(bytes)
    const problem = format && (await inTurns(structureProblem(format, bytes)))
    if (problem !== null) throw new UndecodableImage(problem)
    return this.#queue.run(networkOf(client), () => this.#worked(task, bytes))
  }

  async #worked(task: DecodingTask, bytes: Buffer): Promise<Decoded> {
    if (this.#isClosed) throw new Error('no image is decoded any more')
    // From the sources, as most tests run, there is no program to start.
    if (!isProgramThere) return this.#timed(() => decoded(task, bytes))
    try {
      return await this.#workedIn(this.#idleProcess() ?? new DecoderProcess(), task, bytes)
    } catch (thrown) {
      if (!(thrown instanceof DecoderEnded)) throw thrown
      if (thrown.why === 'time') throw new UndecodableImage(thrown.message)
    }
    // It may have died before of something else. An image that ends a fresh one is no image.
    try {
      return await this.#workedIn(new DecoderProcess(), task, bytes)
    } catch (thrown) {
      throw thrown instanceof DecoderEnded ? new UndecodableImage(thrown.message) : thrown
    }
  }

  async #workedIn(decoder: DecoderProcess, task: DecodingTask, bytes: Buffer): Promise<Decoded> {
    this.#working.add(decoder)
    if (this.#isClosed) decoder.close()
    try {
      return await this.#timed(() => decoder.decode(task, bytes, this.options.timeoutSeconds))
    } finally {
      this.#working.delete(decoder)
      if (!decoder.isOver) this.#idle.add(decoder)
    }
  }

  async #timed<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await work()
    } finally {
      this.options.onDecoded?.((performance.now() - started) / 1000)
    }
  }

  #idleProcess(): DecoderProcess | null {
    for (const decoder of this.#idle) {
      this.#idle.delete(decoder)
      if (!decoder.isOver) return decoder
    }
    return null
  }
}
