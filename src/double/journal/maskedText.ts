import type { TextFormat } from './pieces'

/** A part of a text without secrets: public text, or a stand-in for something else. */
export type Segment =
  | string
  /**
   * A session id. A test double keeps it, so that an export can distinguish real ids from texts that look
   * like one.
   */
  | { readonly kind: 'session'; readonly number: number; readonly id: string }
  /** A key of a login, successful or not. It is not kept. */
  | { readonly kind: 'key'; readonly number: number }
  /** Something that may be a secret. It is not kept. */
  | { readonly kind: 'hidden' }
  /** A text that is too long to be shown, such as that of an image. */
  | { readonly kind: 'long'; readonly text: string }

export interface MaskedText {
  readonly format: TextFormat
  readonly segments: readonly Segment[]
}

/** How many characters of a long text are shown. */
const SHOWN = 40

/** Returns the text that a person may see. */
export function shownText({ segments }: MaskedText): string {
  return segments.map(shownSegment).join('')
}

function shownSegment(segment: Segment): string {
  if (typeof segment === 'string') return segment
  switch (segment.kind) {
    case 'session':
      return shownSession(segment.number)
    case 'long':
      return shortened(segment.text)
    default:
      return MASK
  }
}

/** The stand-in for a secret. */
export const MASK = '***'

export function shownSession(number: number): string {
  return `session-${number}`
}

/** Returns the beginning of a long text, with its length. */
export function shortened(text: string): string {
  return `${text.slice(0, SHOWN)}…(${text.length} characters)`
}

/** Returns how much memory the text takes, approximately. */
export function sizeOf({ segments }: MaskedText): number {
  return segments.reduce((sum, segment) => sum + 64 + lengthOf(segment), 0)
}

function lengthOf(segment: Segment): number {
  if (typeof segment === 'string') return segment.length * 2
  return segment.kind === 'long' ? segment.text.length : 0
}
