import type { Readable } from 'node:stream'
import type { ShopSource, SourceRows } from '../sourceRows'
import { decompressed } from './decompressed'
import { DumpParser } from './dumpParser'

/** Reads a shop from an SQL dump, compressed or not. */
export class DumpSource implements ShopSource {
  readonly #parser: DumpParser

  /** @param isWanted tells, by its name, whether the rows of a table are to be read */
  constructor(
    private readonly dump: Readable,
    isWanted: (table: string) => boolean,
  ) {
    this.#parser = new DumpParser(isWanted)
  }

  get tables(): ReadonlySet<string> {
    return this.#parser.tables
  }

  async *rows(): AsyncGenerator<SourceRows> {
    for await (const piece of decompressed(this.dump)) yield* this.#parser.push(piece)
    yield* this.#parser.end()
  }
}
