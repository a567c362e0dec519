import { z } from 'zod'
import { NotComparable, type ShopAnswers } from './answers'
import type { Extent } from './plan'

// A recording is lines of JSON: the first says what was asked, each other has the answers to a question, and the last
// counts them, so that a file that was cut is not taken for a smaller shop.

/** What the first line of a recording says. */
export interface RecordingHead extends Extent {
  /** The address that was asked. */
  readonly shop: string
  /** When, as ISO 8601 writes it. */
  readonly recorded: string
}

const VERSION = 1

const answer = z.union([
  z.object({ value: z.json() }),
  z.object({ fault: z.string(), message: z.string() }),
  z.object({ failure: z.string() }),
])
const bytes = z.union([z.object({ sha256: z.string(), size: z.number() }), z.object({ failure: z.string() })])
const view = z.object({
  store: z.string(),
  list: answer,
  info: z.record(z.string(), answer).optional(),
  rest: answer.optional(),
})
const line = z.union([
  z.object({ set: z.string(), types: answer }),
  z.object({
    product: z.string(),
    views: z.array(view),
    bytes: z.record(z.string(), bytes).optional(),
  }),
  z.object({ end: z.number() }),
])
const head = z.object({
  keepsakeComparison: z.literal(VERSION),
  shop: z.string(),
  recorded: z.string(),
  rest: z.boolean(),
  bytes: z.boolean(),
})

export function headLine(about: RecordingHead): string {
  return JSON.stringify({ keepsakeComparison: VERSION, ...about })
}

export function answersLine(answers: ShopAnswers): string {
  return JSON.stringify(answers)
}

/** @param count of the lines of answers before it */
export function endLine(count: number): string {
  return JSON.stringify({ end: count })
}

/** Reads the first line. @throws NotComparable */
export function headIn(text: string, name: string): RecordingHead {
  return parsed(head, text) ?? refuse(`${name} has no answers that keepsake compare has saved`)
}

/** Reads the lines after the first. @throws NotComparable for a line that is none, and where the end is missing */
export async function* answersIn(lines: AsyncIterable<string>, name: string): AsyncGenerator<ShopAnswers> {
  let count = 0
  for await (const text of lines) {
    const read = parsed(line, text)
    if (read === null) throw new NotComparable(`${name}, line ${count + 2}: expected answers that were saved`)
    if ('end' in read) {
      if (read.end === count) return
      break
    }
    count++
    yield read
  }
  throw new NotComparable(`${name} is not whole: save the answers again`)
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function refuse(message: string): never {
  throw new NotComparable(message)
}
