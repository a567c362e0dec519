import { SaxesParser } from 'saxes'

export type Parser = SaxesParser<{ xmlns: true }>

/**
 * Private fields of saxes: what it has read of a part of the document that has not ended yet. None of its
 * events reports this. saxes collects such a text piece by piece, and a text of a few million references
 * would take twenty times its size, so {@link SlicedParser} takes the pieces away.
 * `test/text/saxesState.test.ts` fails when a version of saxes has other fields.
 */
export interface Unfinished {
  /** The number of the parser's state. */
  readonly state: number
  /**
   * The text of a text node, a CDATA section, a comment, an instruction or an attribute value so far; may be
   * set to ''.
   */
  text: string
  /** The name of an element or an attribute so far. */
  readonly name: string
  readonly entity: string
  /** The target of a processing instruction. */
  readonly piTarget: string
}

/** Creates a parser that knows namespaces, at the start of a document. */
export function newParser(): Parser {
  return new SaxesParser({ xmlns: true })
}

/** Shows the private fields of this parser. They change as the parser goes on. */
export function unfinishedIn(parser: Parser): Unfinished {
  return parser as unknown as Unfinished
}

/**
 * Finds the states of saxes after these beginnings of a document by parsing them, because its numbers are not
 * public.
 */
function statesAfter(...beginnings: readonly string[]): ReadonlySet<number> {
  return new Set(beginnings.map((beginning) => unfinishedIn(newParser().write(beginning)).state))
}

export const IN_TEXT = statesAfter('<a>b')
export const IN_CDATA = statesAfter('<a><![CDATA[b', '<a><![CDATA[b]', '<a><![CDATA[b]]')
/** The states within a comment or a processing instruction, whose text is not used. */
export const IN_WASTE = statesAfter('<a><!--b', '<a><!--b-', '<a><?a b', '<a><?a b?')
