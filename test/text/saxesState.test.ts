import { IN_CDATA, IN_TEXT, IN_WASTE, newParser, unfinishedIn } from '../../src/text/xml/saxesState'

/** Each with what has been read of it. */
const TEXTS: readonly (readonly [beginning: string, states: ReadonlySet<number>, text: string])[] = [
  ['<a>bc', IN_TEXT, 'bc'],
  ['<a>b&amp;c', IN_TEXT, 'b&c'],
  ['<a><![CDATA[bc', IN_CDATA, 'bc'],
  ['<a><![CDATA[bc]', IN_CDATA, 'bc'],
  ['<a><!--bc', IN_WASTE, 'bc'],
  ['<a><!--bc-', IN_WASTE, 'bc'],
  ['<a><?d bc', IN_WASTE, 'bc'],
  ['<a><?d bc?', IN_WASTE, 'bc'],
]

describe('what saxes has read of something unfinished', () => {
  it.each(TEXTS)('after %s is in its state and its text', (beginning, states, text) => {
    const parser = newParser()
    // saxes keeps the texts of those who listen for them.
    parser.on('text', () => undefined)
    const { state, text: found } = unfinishedIn(parser.write(beginning))
    expect({ isIn: states.has(state), text: found }).toEqual({ isIn: true, text })
  })

  it('is in states that differ by what it is', () => {
    const all = [IN_TEXT, IN_CDATA, IN_WASTE].flatMap((states) => [...states])
    expect(new Set(all).size).toBe(all.length)
    for (const elsewhere of ['<a b="c', '<a b', '<ab', '<a>&am', '<a>b</a', '<?d', '<!DOCTYPE a'])
      expect(all).not.toContain(unfinishedIn(newParser().write(elsewhere)).state)
  })

  it.each([
    ['the value of an attribute', '<a b="cd', 'text', 'cd'],
    ['the name of an element', '<ab', 'name', 'ab'],
    ['the name of an attribute', '<a bc', 'name', 'bc'],
    ['a reference', '<a>&am', 'entity', 'am'],
    ['the target of an instruction', '<a><?bc', 'piTarget', 'bc'],
  ] as const)('is seen of %s', (_what, beginning, field, expected) => {
    expect(unfinishedIn(newParser().write(beginning))[field]).toBe(expected)
  })

  it.each([
    ['text', '<a>bc', 'd</a>'],
    ['cdata', '<a><![CDATA[bc', 'd]]></a>'],
    ['comment', '<a><!--bc', 'd--></a>'],
  ] as const)('can be taken from it, and is not told then (%s)', (event, beginning, rest) => {
    const parser = newParser()
    const told: string[] = []
    parser.on(event, (text) => void told.push(text))
    parser.write(beginning)
    unfinishedIn(parser).text = ''
    parser.write(rest).close()
    expect(told).toEqual(['d'])
  })
})
