import { SaxesParser } from 'saxes'

export type Parser = SaxesParser<{ xmlns: true }>

/**
 * What saxes has read of something that has not ended yet: private fields of it, which none of its events tells. It adds
 * to them piece by piece, and a text of a few million references would take twenty times its size, so what can be taken
 * from it is. `test/text/saxesState.test.ts` fails when a version of saxes has other fields.
 */
export interface Unfinished {
  /** A number that says in what the parser is. */
  readonly state: number
  /** Of a text, a CDATA section, a comment, an instruction or the value of an attribute; may be set to ''. */
  text: string
  /** Of an element or an attribute. */
  readonly name: string
  readonly entity: string
  /** The target of a processing instruction. */
  readonly piTarget: string
}

/** A parser of namespaces, in the state before a document. */
export function newParser(): Parser {
  return new SaxesParser({ xmlns: true })
}

/** The fields as they are now, and as they will be: it is the parser that is seen. */
export function unfinishedIn(parser: Parser): Unfinished {
  return parser as unknown as Unfinished
}

/** The states in which saxes is at the end of these beginnings of a document: found out, for it numbers them as it likes. */
function statesAfter(...beginnings: readonly string[]): ReadonlySet<number> {
  return new Set(beginnings.map((beginning) => unfinishedIn(newParser().write(beginning)).state))
}

export const IN_TEXT = statesAfter('<a>b')
export const IN_CDATA = statesAfter('<a><![CDATA[b', '<a><![CDATA[b]', '<a><![CDATA[b]]')
/** In a comment or a processing instruction, whose text nobody will ask for. */
export const IN_WASTE = statesAfter('<a><!--b', '<a><!--b-', '<a><?a b', '<a><?a b?')
