import { type Binding, bind, endpointOf } from '../../src/wire/soap/binding'
import { encodeAnswer } from '../../src/wire/soap/encode'
import { readEnvelope } from '../../src/wire/soap/envelope'
import { boolean, int, string } from '../../src/wire/soap/types'
import { envelope } from '../support/soap'

const ANSWER = { element: 'tellResponse', part: 'result', type: boolean, namespace: 'urn:Magento' }

async function readAs(use: Binding['use'], parts: string) {
  const binding: Binding = {
    protocol: 'soap_v1' as const,
    operation: 'tell',
    elements: ['tell'],
    use,
    parts: [
      { names: ['who'], type: string },
      { names: ['age'], type: int },
    ],
    answer: ANSWER,
    run: async () => null,
    write: encodeAnswer,
  }
  return bind(
    await readEnvelope(Buffer.from(envelope(`<m:tell>${parts}</m:tell>`))),
    endpointOf([binding], 'urn:Magento'),
  ).values
}

describe('parts without their names', () => {
  test('are taken by position', async () => {
    expect(await readAs('encoded', '<a>Ada</a><b>36</b>')).toEqual(['Ada', 36])
  })

  test('are none in document style', async () => {
    expect(await readAs('literal', '<a>Ada</a><b>36</b><c/>')).toEqual([null, null])
    expect(await readAs('literal', '')).toEqual([null, null])
  })

  test('are read before one too many is told', async () => {
    await expect(readAs('encoded', '<a>Ada</a><b>old</b><c/>')).rejects.toThrow('Violation of encoding rules')
    await expect(readAs('encoded', '<a>Ada</a><b>36</b><c/>')).rejects.toThrow('Error cannot find parameter')
  })
})

test.each(['0', '', 0, false])('%j is false where the WSDL says boolean', (value) => {
  expect(encodeAnswer(value, ANSWER, '1.1')).toContain('>false</result>')
})
