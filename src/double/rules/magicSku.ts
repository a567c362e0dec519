import type { DecodedCall } from '../../contract/exchange'
import type { CallInterceptor, CallResult } from '../../contract/interception'
import type { RequestContext } from '../../contract/request'
import type { ForcedAnswers } from './forcedAnswers'
import { BREAKAGES, type ForcedAnswer } from './rule'

/** A form of magic SKUs: how it is written, how calls for such a product are answered, and how it is read. */
interface MagicSku {
  readonly form: string
  readonly answers: string
  readonly pattern: RegExp
  answer(...captured: readonly string[]): ForcedAnswer
}

const BREAKAGE_WORDS = {
  cut: 'nothing: the connection is cut, and the call is not carried out',
  truncated: 'the first half of the answer',
  malformed: 'the answer, spoilt so that it is neither well-formed XML nor JSON',
  html: 'an HTML page with status 200; the call is not carried out',
} as const

/** All forms. They are read in any case, like other SKUs. */
export const MAGIC_SKUS: readonly MagicSku[] = [
  {
    form: 'keepsake-fault-CODE',
    answers: 'that fault, 0 to 6 or 100 to 107, with its standard text',
    pattern: /^keepsake-fault-([0-6]|10[0-7])$/i,
    answer: (code) => ({ fault: Number(code) }),
  },
  {
    form: 'keepsake-wait-MS',
    answers: 'what it would be, that many milliseconds later; at most 999999',
    pattern: /^keepsake-wait-([0-9]{1,6})$/i,
    answer: (ms) => ({ wait: Number(ms) }),
  },
  ...BREAKAGES.map(
    (broken): MagicSku => ({
      form: `keepsake-${broken}`,
      answers: BREAKAGE_WORDS[broken],
      pattern: new RegExp(`^keepsake-${broken}$`, 'i'),
      answer: () => ({ broken }),
    }),
  ),
  {
    form: 'keepsake-http-STATUS',
    answers: 'HTTP 500 or 503, the latter with Retry-After; the call is not carried out',
    pattern: /^keepsake-http-(500|503)$/i,
    answer: (status) => ({ http: status === '500' ? 500 : 503 }),
  },
]

/** Returns the answer that the name of the call's product asks for; null for a name that is no magic SKU. */
export function magicAnswer({ arguments: given }: DecodedCall): ForcedAnswer | null {
  const product = given.get('product')
  if (typeof product !== 'string') return null
  for (const { pattern, answer } of MAGIC_SKUS) {
    const match = pattern.exec(product)
    if (match) return answer(...match.slice(1))
  }
  return null
}

/** Obeys magic SKUs, and nothing else. */
export class MagicSkus implements CallInterceptor {
  constructor(private readonly answers: ForcedAnswers) {}

  intercept<Result extends CallResult>(
    call: DecodedCall,
    request: RequestContext,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const answer = magicAnswer(call)
    return answer ? this.answers.give(answer, request, run) : run()
  }
}
