import { z } from 'zod'

/** What a decoder is asked to do with the bytes of an image. */
export const decodingTask = z.discriminatedUnion('kind', [
  /** Decodes all pixels of the first frame, and answers how many there are. */
  z.object({ kind: z.literal('measure'), maxPixels: z.number() }),
  /** Makes a variant. */
  z.object({
    kind: z.literal('render'),
    maxPixels: z.number(),
    format: z.enum(['jpeg', 'png', 'gif', 'webp', 'avif']),
    preset: z.object({
      width: z.number(),
      height: z.number(),
      fit: z.enum(['inside', 'contain', 'cover', 'fill']),
      background: z.string().nullable(),
      enlarge: z.boolean(),
      quality: z.number(),
    }),
  }),
])

export type DecodingTask = z.infer<typeof decodingTask>

/** The size of the decoded image, in pixels, or what keeps it from being decoded. The bytes of a variant come beside it. */
export const decodingResult = z.union([
  z.object({ width: z.number(), height: z.number() }),
  z.object({ problem: z.string() }),
])

export type DecodingResult = z.infer<typeof decodingResult>

/** What a decoder answers. */
export interface Decoded {
  readonly result: DecodingResult
  /** The bytes of a variant; empty for an image that was measured, or that cannot be decoded. */
  readonly bytes: Buffer
}
