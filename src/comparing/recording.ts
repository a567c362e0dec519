import { z } from 'zod'
import { PlainError } from '../contract/plainError'

/** What a call answered: a value, or a fault. */
export type Answer = unknown

/** What a shop answered to the questions of a comparison. It is saved as JSON. */
export interface Recording {
  /** What its URLs begin with. */
  readonly base: string
  /** By the id of the attribute set. */
  readonly types: Readonly<Record<string, { readonly types: Answer }>>
  /** By the id of the product, and then by the code of the store view. */
  readonly products: Readonly<Record<string, RecordedProduct>>
}

export interface RecordedProduct {
  readonly list: Readonly<Record<string, Answer>>
  /** What `info` answered of the first image in the default scope; missing for a product without one, or where it was not asked. */
  readonly info?: Answer
  /** SHA-256 of the bytes behind each URL, by file; '' for a URL without bytes. Missing where bytes were not asked for. */
  readonly bytes?: Readonly<Record<string, string>> | undefined
}

const recordingSchema = z.object({
  base: z.string(),
  types: z.record(z.string(), z.object({ types: z.unknown() })),
  products: z.record(
    z.string(),
    z.object({
      list: z.record(z.string(), z.unknown()),
      info: z.unknown().optional(),
      bytes: z.record(z.string(), z.string()).optional(),
    }),
  ),
})

/** The shop cannot be asked, or its saved answers cannot be read. */
export class NotComparable extends PlainError {
  override readonly name = 'NotComparable'
  override readonly exitCode = 2
}

/** Reads saved answers. @throws NotComparable */
export function parseRecording(json: string, name: string): Recording {
  try {
    return recordingSchema.parse(JSON.parse(json))
  } catch (cause) {
    throw new NotComparable(`${name} has no answers that keepsake compare has saved`, { cause })
  }
}
