import fc from 'fast-check'
import { floatValue, integerValue, type Value } from '../../src/contract/value'

/** Any number that PHP has, but for those that are none or infinite. */
export const anyNumber: fc.Arbitrary<Value> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(integerValue),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(floatValue),
)
