import fc from 'fast-check'
import { printable, printableJson } from '../../src/text/printable'

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const TEXT = fc.string({ unit: 'binary' })

it.each([
  ['a sequence that clears the screen', '\u001b[2J', '\\u{1b}[2J'],
  ['the same in one character', '\u009b2J', '\\u{9b}2J'],
  ['a line of its own', 'a\nb\r\u2028c', 'a\\u{a}b\\u{d}\\u{2028}c'],
  ['the other direction', '\u202eabc\u2069', '\\u{202e}abc\\u{2069}'],
  ['a character beyond 16 bits', '\u{e0041}', '\\u{e0041}'],
  ['letters of anywhere', 'Ölkanne 油缸 \u{1f5bc}', 'Ölkanne 油缸 \u{1f5bc}'],
])('a terminal is shown %s as text', (_what, text, shown) => {
  expect(printable(text)).toBe(shown)
})

it('nothing that is printable moves a terminal, nor what is JSON', () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      expect(printable(text)).not.toMatch(UNSEEN)
      expect(printableJson(JSON.stringify(text))).not.toMatch(UNSEEN)
    }),
  )
})

it('JSON is read back as the same value', () => {
  fc.assert(
    fc.property(TEXT, fc.jsonValue(), (text, value) => {
      const both = JSON.stringify([text, value])
      expect(JSON.parse(printableJson(both))).toEqual(JSON.parse(both))
    }),
  )
  expect(printableJson('{"a":"\u{e0041}"}\n')).toBe('{"a":"\\udb40\\udc41"}\n')
})
