import fc from 'fast-check'
import type { DecodedCall } from '../../src/contract/exchange'
import { type RequestContext, requestContext } from '../../src/contract/request'
import type { KnownThings } from '../../src/double/rules/callFacts'
import { MethodNames } from '../../src/double/rules/methodNames'
import type { RuleConditions, RuleDescription } from '../../src/double/rules/rule'
import { Rules } from '../../src/double/rules/rules'

/** A shop without a product, and with no other store view than the default scope. */
const EMPTY: KnownThings = {
  methods: new MethodNames([], ['login']),
  galleries: { product: async () => null },
  storeViews: { byCode: async () => null, exists: async () => false, defaultView: async () => null },
}

const CALL: DecodedCall = { path: 'product_images.list', arguments: new Map([['product', 1]]) }

function request(): RequestContext {
  const context = requestContext({
    publicUrl: 'http://shop.example',
    clientAddress: '127.0.0.1',
    isConfidential: true,
  })
  context.notes.noteProtocol('rest')
  context.notes.noteUser('guest')
  return context
}

const described = (when: RuleConditions, others: Partial<RuleDescription> = {}): RuleDescription => ({
  when,
  answer: { fault: 104 },
  enabled: true,
  ...others,
})

/** Which of so many calls are answered by which rule. */
async function answeredBy(rules: Rules, calls: number): Promise<readonly (string | null)[]> {
  const ids: (string | null)[] = []
  for (let call = 0; call < calls; call++) ids.push((await rules.answering(CALL, request()))?.id ?? null)
  return ids
}

/** Which of so many calls a rule of this description answers, counted from 1. */
async function answered(description: RuleDescription, calls: number): Promise<readonly number[]> {
  const rules = new Rules(EMPTY)
  rules.add(description)
  const ids = await answeredBy(rules, calls)
  return ids.flatMap((id, index) => (id === null ? [] : [index + 1]))
}

describe('a rule', () => {
  it.each([
    [{ nth: 3 }, {}, [3]],
    [{ every: 2 }, {}, [2, 4, 6]],
    [{ every: 2, nth: 4 }, {}, [4]],
    [{ every: 2, nth: 3 }, {}, []],
    [{}, { times: 2 }, [1, 2]],
    [{ every: 3 }, { times: 1 }, [3]],
    [{ probability: 1 }, { times: 1 }, [1]],
    [{ probability: 0 }, {}, []],
    [{}, { enabled: false }, []],
  ])('with %j and %j answers of six calls %j', async (when, others, expected) => {
    expect(await answered(described(when, others), 6)).toEqual(expected)
  })

  it('counts calls that another answers, so that the n-th call is the n-th', async () => {
    const rules = new Rules(EMPTY)
    rules.add(described({ nth: 1 }))
    rules.add(described({ nth: 2 }))
    expect(await answeredBy(rules, 3)).toEqual(['rule-1', 'rule-2', null])
  })

  it('counts no call while it is disabled, and counts from the beginning when it is replaced', async () => {
    const rules = new Rules(EMPTY)
    rules.add(described({ nth: 2 }, { enabled: false }))
    await answeredBy(rules, 3)
    rules.replace('rule-1', described({ nth: 2 }))
    expect(await answeredBy(rules, 3)).toEqual([null, 'rule-1', null])
  })

  it('keeps its turn when it is replaced', async () => {
    const rules = new Rules(EMPTY)
    rules.add(described({}))
    rules.add(described({}))
    rules.replace('rule-1', described({}))
    expect(rules.all().map(({ id }) => id)).toEqual(['rule-1', 'rule-2'])
    expect(await answeredBy(rules, 1)).toEqual(['rule-1'])
  })

  it('answers as often as it may, however many calls come at once', async () => {
    const rules = new Rules(EMPTY)
    rules.add(described({ product: 'other' }))
    rules.add(described({ product: 1 }, { times: 3 }))
    const found = await Promise.all(Array.from({ length: 10 }, () => rules.answering(CALL, request())))
    expect(found.filter((rule) => rule !== null)).toHaveLength(3)
    expect(rules.find('rule-2')?.hits).toBe(3)
  })
})

describe('chance', () => {
  it('is the same in each run, and another for each rule', async () => {
    const rules = new Rules(EMPTY)
    const run = async () => {
      rules.add(described({ probability: 0.5 }))
      rules.add(described({}))
      const ids = await answeredBy(rules, 40)
      rules.reset()
      return ids
    }
    const first = await run()
    expect(new Set(first)).toEqual(new Set(['rule-1', 'rule-2']))
    expect(await run()).toEqual(first)
  })

  it('is about as often as it says', async () => {
    const few = await answered(described({ probability: 0.25 }), 2000)
    expect(few.length).toBeGreaterThan(400)
    expect(few.length).toBeLessThan(600)
  })
})

test('no rule answers a call that does not meet its conditions', async () => {
  const unmet: fc.Arbitrary<RuleConditions> = fc
    .tuple(
      fc.constantFrom<RuleConditions>(
        { protocol: 'soap' },
        { protocol: 'jsonrpc' },
        { method: 'login' },
        { method: 'product_images.create' },
        { product: 'Other' },
        { product: 2 },
        { storeView: 'german' },
        { user: 'apiUser' },
        { probability: 0 },
        { nth: 1_000_000 },
      ),
      fc.record(
        { nth: fc.integer({ min: 1, max: 3 }), every: fc.integer({ min: 1, max: 3 }) },
        { requiredKeys: [] },
      ),
    )
    .map(([condition, others]) => ({ ...others, ...condition }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(unmet, { maxLength: 5 }),
      fc.integer({ min: 1, max: 6 }),
      async (whens, calls) => {
        const rules = new Rules(EMPTY)
        for (const when of whens) rules.add(described(when))
        expect(await answeredBy(rules, calls)).toEqual(Array(calls).fill(null))
      },
    ),
  )
})
