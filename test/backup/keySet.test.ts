import { KeySet } from '../../src/backup/keySet'

const keyOf = (index: number) => `/i/m/image_${index}~x${index}.jpg`

test('a set of keys has those that were added, also between questions, and no others', () => {
  const keys = new KeySet()
  expect(keys.has(keyOf(0))).toBe(false)
  for (let index = 0; index < 5000; index++) keys.add(keyOf(index))
  expect(keys.has(keyOf(4999))).toBe(true)
  keys.add(keyOf(5000))
  const found = Array.from({ length: 6000 }, (_, index) => index).filter((index) => keys.has(keyOf(index)))
  expect(found).toEqual(Array.from({ length: 5001 }, (_, index) => index))
})
