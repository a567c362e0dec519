import type { SaxesTagNS } from 'saxes'
import { IN_CDATA, IN_TEXT, IN_WASTE, newParser, type Unfinished, unfinishedIn } from './saxesState'

export class MalformedXml extends Error {
  override readonly name = 'MalformedXml'
}

/** The document declares entities. No client of this API needs them, and attacks on XML parsers use them. */
export class EntityDeclared extends Error {
  override readonly name = 'EntityDeclared'
}

export type ContentKind = 'text' | 'cdata'

/**
 * Receives the parts of a document, in order. A method may throw MalformedXml or EntityDeclared, which end
 * the reading.
 */
export interface XmlEvents {
  /**
   * Called for each attribute, before `open` of its element: saxes reports the element only when it has read
   * all attributes.
   */
  attribute(): void
  open(tag: SaxesTagNS): void
  close(): void
  content(kind: ContentKind, content: string, isBlank: boolean): void
  comment(): void
  instruction(target: string): void
  doctype(declaration: string): void
}

/** The longest name, reference or attribute value, in characters: far more than a client sends. */
const LONGEST_TOKEN = 256 * 1024

/** How many characters before its end a slice may be cut, so that a short tag or reference stays whole. */
const LONGEST_CUT = 64

/**
 * Feeds saxes with a document in slices, and keeps the memory small even when one text is the whole document.
 */
export class SlicedParser {
  readonly #parser = newParser()
  #carried = ''
  #held = ''
  #heldKind: ContentKind = 'text'
  #isHeldBlank = true

  constructor(private readonly events: XmlEvents) {
    this.#parser.on('attribute', () => events.attribute())
    this.#parser.on('opentag', (tag) => {
      this.#release()
      events.open(tag)
    })
    this.#parser.on('closetag', () => {
      this.#release()
      events.close()
    })
    this.#parser.on('text', (text) => this.#content('text', text))
  }

  /** @throws MalformedXml */
  write(slice: string): void {
    const text = this.#carried + slice
    const end = endOfSlice(text)
    this.#carried = text.slice(end)
    this.#feed(text.slice(0, end))
    this.#hold()
  }

  /** @throws MalformedXml */
  end(): void {
    this.#feed(this.#carried)
    this.#feed(null)
  }

  #feed(text: string | null): void {
    if (text !== null) this.#listenFor(text)
    try {
      this.#parser.write(text)
    } catch (thrown) {
      if (thrown instanceof MalformedXml || thrown instanceof EntityDeclared) throw thrown
      throw new MalformedXml((thrown as Error).message, { cause: thrown })
    }
  }

  /**
   * Adds the handlers that this part of the document needs. With more than six handlers saxes is four times
   * as slow.
   */
  #listenFor(text: string): void {
    if (text.includes('<!--'))
      this.#parser.on('comment', () => {
        this.#release()
        this.events.comment()
      })
    if (text.includes('<![CDATA[')) this.#parser.on('cdata', (content) => this.#content('cdata', content))
    if (text.includes('<?'))
      this.#parser.on('processinginstruction', ({ target }) => {
        this.#release()
        this.events.instruction(target)
      })
    if (text.includes('<!DOCTYPE'))
      this.#parser.on('doctype', (declaration) => this.events.doctype(declaration))
  }

  #content(kind: ContentKind, content: string): void {
    if (this.#heldKind !== kind) this.#release()
    if (this.#held === '') {
      this.events.content(kind, content, isBlank(content))
      return
    }
    const [whole, isWholeBlank] = [this.#held + content, this.#isHeldBlank && isBlank(content)]
    this.#held = ''
    this.events.content(kind, whole, isWholeBlank)
  }

  /** Takes an unfinished text out of saxes, and refuses any other part that becomes too long. */
  #hold(): void {
    const parser = unfinishedIn(this.#parser)
    const { state, text } = parser
    if (IN_WASTE.has(state)) parser.text = ''
    else if (IN_TEXT.has(state)) this.#take('text', parser)
    else if (IN_CDATA.has(state)) this.#take('cdata', parser)
    else if (text.length > LONGEST_TOKEN) throw new MalformedXml('an attribute is too long')
    if (Math.max(parser.name.length, parser.entity.length, parser.piTarget.length) > LONGEST_TOKEN)
      throw new MalformedXml('a name is too long')
  }

  #take(kind: ContentKind, parser: Unfinished): void {
    if (parser.text === '') return
    if (this.#heldKind !== kind) this.#release()
    this.#heldKind = kind
    // The test also makes V8 join the pieces of the text, which frees the memory that the pieces take.
    const isBlankToo = isBlank(parser.text)
    this.#isHeldBlank = (this.#held === '' || this.#isHeldBlank) && isBlankToo
    this.#held += parser.text
    parser.text = ''
  }

  /** Reports the held text, once nothing more of it can come. */
  #release(): void {
    if (this.#held === '') return
    const held = this.#held
    this.#held = ''
    this.events.content(this.#heldKind, held, this.#isHeldBlank)
  }
}

/**
 * Returns where to cut a slice: at its end, or before a tag or reference that may continue in the next slice.
 */
function endOfSlice(text: string): number {
  const begun = Math.max(text.lastIndexOf('<'), text.lastIndexOf('&'))
  return begun >= 0 && begun > text.length - LONGEST_CUT ? begun : text.length
}

function isBlank(text: string): boolean {
  return !/[^ \t\n\r]/.test(text)
}
