/**
 * PHP's own SoapServer judges the wire: it reads the requests that we read, and writes the answers that we write.
 *
 * What is meant to differ, and so is not generated here:
 * - XML that is not well-formed, and XML with a DTD that declares entities: the layer above PHP's answers for those
 *   (recordings `raw/post-not-xml`, `raw/doctype`).
 * - Of two things wrong with one envelope, another may be told.
 * - Arrays of several dimensions, and the attributes `offset` and `position` of an array: read as plain lists.
 * - A type of the WSDL where none is declared: its value here, a SoapVar around it, which no method takes, in PHP. What
 *   is in it is compared.
 * - Integers and whole floats are one here, so that a whole float may be a key. Integers beyond 2^53 lose digits.
 * - A struct that holds a reference to itself: a fault here, an endless object in PHP.
 * - A reference to a reference where the WSDL gives a type: followed here, an empty element to PHP.
 * - In answers, a number that takes more than 14 digits or an exponent, and a map's key that is an integer of more
 *   than 15: no method answers one. PHP also loses keys with `&`, and writes characters that XML does not have.
 *
 * And with the WSDLs of v2 and WS-I:
 * - A list as repeated elements, as its only item, or with items of any name in WS-I: a list here.
 * - A part by the name that another dialect or an older Magento gave it: that part here, nothing in PHP.
 * - `call` and `multiCall` of WS-I: their values are in the form of the typed answers, which Magento packs above PHP.
 * - The parts of a WS-I request when none has its name: by position here, nothing in PHP.
 * - A part of a WS-I request that comes twice: the first here, a list of both in PHP.
 * - An element behind a WS-I request's own in the body: not looked at here, a part too many to PHP.
 * - A WS-I request's element in another case: found here, as in the other dialects.
 * - In answers, an entity without one of its fields, or with null in it: no method answers one.
 */
import fc from 'fast-check'
import type { WsdlName } from '../../src/wire/rpc/wsdlDocuments'
import type { SoapVersion } from '../../src/wire/soap/namespaces'
import { answers } from './support/answers'
import { ARGUMENTS, HEADER_ENTRIES, WHOLE_ENVELOPES } from './support/oddities'
import { type Oracle, ownAnswer, ownReading, startOracle } from './support/oracle'
import { describeWithPhp } from './support/php'
import { callOf, envelope, requests } from './support/requests'
import { typedAnswers } from './support/typedAnswers'
import { typedRequests } from './support/typedRequests'

const SEED = 1
const versions: readonly SoapVersion[] = ['1.1', '1.2']

describeWithPhp('PHP’s SoapServer with the WSDL of v1', () => {
  let php: Oracle

  beforeAll(async () => {
    php = await startOracle('v1')
  })

  afterAll(() => php.stop())

  async function expectSameReading(request: string): Promise<void> {
    expect(await ownReading(request, 'v1')).toEqual(await php.read(request))
  }

  test('reads the same values in a request, or refuses it with the same fault', async () => {
    await fc.assert(fc.asyncProperty(requests, expectSameReading), {
      seed: SEED,
      numRuns: 1500,
    })
  })

  test('writes the same answer, byte for byte', async () => {
    const sameAnswer = fc.asyncProperty(answers, async ({ operation, value, version }) => {
      const ours = ownAnswer(operation, value, version, 'v1')
      expect(ours).toBe(await php.answer(operation, value, version))
    })
    await fc.assert(sameAnswer, { seed: SEED, numRuns: 1500 })
  })

  describe.each(versions)('in SOAP %s', (version) => {
    test.each(ARGUMENTS)('reads %s the same', async (_what, args, behind) => {
      await expectSameReading(callOf(version, args, behind))
    })

    test.each(WHOLE_ENVELOPES)('takes or refuses %s the same', async (_what, parts) => {
      await expectSameReading(envelope(version, parts))
    })

    test.each(HEADER_ENTRIES)('takes or refuses a header entry with %s the same', async (attributes) => {
      await expectSameReading(envelope(version, { header: `<e:Header><m:x ${attributes}/></e:Header>` }))
    })
  })
})

const typedDialects: readonly WsdlName[] = ['v2', 'wsi']

describe.each(typedDialects)('%s', (wsdl) => {
  describeWithPhp('PHP’s SoapServer with its WSDL', () => {
    let php: Oracle

    beforeAll(async () => {
      php = await startOracle(wsdl)
    })

    afterAll(() => php.stop())

    test('reads the same values in a request, or refuses it with the same fault', async () => {
      const sameReading = fc.asyncProperty(typedRequests(wsdl), async (request) => {
        expect(await ownReading(request, wsdl)).toEqual(await php.read(request))
      })
      await fc.assert(sameReading, { seed: SEED, numRuns: 1500 })
    })

    test('writes the same answer, byte for byte', async () => {
      const sameAnswer = fc.asyncProperty(typedAnswers(wsdl), async ({ operation, value, version }) => {
        const ours = ownAnswer(operation, value, version, wsdl)
        expect(ours).toBe(await php.answer(operation, value, version))
      })
      await fc.assert(sameAnswer, { seed: SEED, numRuns: 1500 })
    })
  })
})
