import { folded } from '../../src/contract/folded'
import { STANDS_FOR } from '../../src/contract/sameLetters'

test.each([
  ['Camera', 'camera'],
  ['Ölkanne', 'olkanne'],
  ['ÇŃÈÅ-õō', 'cnea-oo'],
  ['caße', 'case'],
  ['caſe', 'case'],
  ['Camera  ', 'camera'],
  ['ΑΣ', 'ας'],
])('%j is the same name as %j', (name, other) => {
  expect(folded(name)).toBe(folded(other))
})

test.each([
  ['æ', 'ae'],
  ['camera', ' camera'],
  ['camera', 'camera\t'],
  ['camera', 'camera\n'],
  ['camera', 'camera\u00a0'],
  ['camera', 'camera\u200b'],
  ['camera', 'came\u0301ra'],
  ['camera', 'ｃamera'],
  ['camera 1', 'camera  1'],
  ['\u{10400}', '\u{10428}'],
  ['\u{1f600}', '\u{1f601}'],
])('%j is another name than %j', (name, other) => {
  expect(folded(name)).not.toBe(folded(other))
})

test('a name in the form that is compared stays as it is', () => {
  for (const letter of new Set(STANDS_FOR.values())) expect(folded(letter)).toBe(letter)
})

test('a name of ASCII has the same form as in older databases: lower case', () => {
  const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))
  expect(folded(ascii)).toBe(ascii.toLowerCase())
})

test('spaces in the middle of a long name take no longer than other characters', () => {
  const name = `a${' '.repeat(1_000_000)}b`
  expect(folded(name)).toBe(name)
})
