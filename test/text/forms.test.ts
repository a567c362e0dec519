import { escapedFields, UnreadableForm, unescapedSlices } from '../../src/text/forms'
import { SLICE } from '../../src/text/utf8'

const unescaped = (escaped: string, broken: 'kept' | 'refused' = 'refused') =>
  Buffer.concat([...unescapedSlices(Buffer.from(escaped, 'latin1'), broken)]).toString('latin1')

describe('the fields of a form', () => {
  it.each([
    ['', []],
    ['&&', []],
    ['a=1&b=2', ['a:1', 'b:2']],
    ['&a=1&&b&', ['a:1', 'b:']],
    ['a=b=c&=d&=', ['a:b=c', ':d', ':']],
  ])('of %j are %j', (form, expected) => {
    const fields = [...escapedFields(Buffer.from(form))].filter((field) => field !== null)
    expect(fields.map(({ name, value }) => `${name}:${value}`)).toEqual(expected)
  })
})

describe('what is escaped', () => {
  it.each([
    ['a+b', 'a b'],
    ['%2B%2b%00%e4', '++\0\u00e4'],
    ['%2541', '%41'],
    ['\u00e4', '\u00e4'],
  ])('%j stands for %j', (escaped, expected) => expect(unescaped(escaped)).toBe(expected))

  it.each(['%', 'a%', '%4', '%zz', '%4g', '%%41'])(
    '%j is kept where it escapes nothing, or refused',
    (broken) => {
      expect(unescaped(broken, 'kept')).toBe(broken.replace('%41', 'A'))
      expect(() => unescaped(broken)).toThrow(UnreadableForm)
    },
  )

  it.each([0, 1, 2, 3])('is whole where a slice ends %i bytes behind the beginning of an escape', (bytes) => {
    const before = 'x'.repeat(SLICE - bytes)
    expect(unescaped(`${before}%41y%42`)).toBe(`${before}AyB`)
  })
})
