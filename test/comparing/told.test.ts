import type { Difference } from '../../src/comparing/differences'
import { count, emptyTally, lineOf, summaryOf } from '../../src/comparing/told'

const IMAGE = { asked: 'list', product: '7', store: 'german', item: '/a.jpg' } as const
const FIELD: Difference = { ...IMAGE, kind: 'field', field: 'label', old: 'Front', here: 'Back' }
const MISSING: Difference = { ...IMAGE, kind: 'missing', old: {} }

test.each<[Difference, string]>([
  [FIELD, 'product 7, german, /a.jpg: label is "Front" there, "Back" here'],
  [{ ...FIELD, asked: 'info' }, 'product 7, german, /a.jpg (info): label is "Front" there, "Back" here'],
  [
    { ...IMAGE, kind: 'field', field: 'md5', here: 'x' },
    'product 7, german, /a.jpg: md5 is nothing there, "x" here',
  ],
  [MISSING, 'product 7, german, /a.jpg: missing here'],
  [{ ...IMAGE, kind: 'extra', here: {} }, 'product 7, german, /a.jpg: only here'],
  [
    { asked: 'list', product: '7', store: 'german', kind: 'order', old: ['a', 'b'], here: ['b', 'a'] },
    'product 7, german: in the order ["a","b"] there, ["b","a"] here',
  ],
  [
    {
      asked: 'rest',
      product: '7',
      store: 'german',
      kind: 'answer',
      old: { fault: '404', message: 'Resource not found.' },
      here: { value: [{}] },
    },
    'product 7, german (REST): fault 404 Resource not found. there, a list of 1 here',
  ],
  [
    {
      asked: 'types',
      set: '4',
      kind: 'answer',
      old: { value: true },
      here: { failure: 'no SOAP, with status 502' },
    },
    'attribute set 4: true there, no SOAP, with status 502 here',
  ],
  [
    {
      asked: 'bytes',
      product: '7',
      item: '/a.jpg',
      kind: 'bytes',
      old: { sha256: 'aa', size: 3 },
      here: { failure: 'status 404' },
    },
    'product 7, /a.jpg (bytes): 3 bytes of SHA-256 aa there, status 404 here',
  ],
])('%j is a line', (difference, line) => {
  expect(lineOf(difference)).toBe(line)
})

test('the summary counts products, differences, and each kind of them', () => {
  const tally = emptyTally()
  count(tally, false, [])
  count(tally, true, [])
  expect(summaryOf(tally)).toBe('Compared 1 products and 1 attribute sets: nothing differs.')
  count(tally, true, [FIELD, FIELD, MISSING])
  expect(summaryOf(tally)).toBe(
    'Compared 2 products and 1 attribute sets: 3 differences, in 1 products (label 2, missing 1).',
  )
})
