import fc from 'fast-check'
import type { Value } from '../../src/contract/value'
import { encode } from '../../src/wire/rest/encode'
import { describeWithPhp, runPhp } from './support/php'

/** What XML can hold: PHP writes what it cannot hold all the same, into documents that no parser reads. */
const writable = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((text) => text.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''))

const texts = fc.oneof(
  writable,
  fc.string({ unit: fc.constantFrom(...'<>&"\'/\\\r\n\t äß€😀]'), maxLength: 20 }),
)

describeWithPhp('REST’s answers', () => {
  test('are written as PHP writes them, byte for byte', async () => {
    const given = fc.sample(texts, 500)
    const written = await runPhp<readonly { json: string; xml: string }[]>('restEncode.php', given)
    const ours = given.map((label) => {
      const value: Value = [
        new Map<string, Value>([
          ['label', label],
          ['types', []],
        ]),
      ]
      return { json: encode(value, 'json'), xml: encode(value, 'xml') }
    })
    expect(ours).toEqual(written)
  })
})
