import { Outage, outageOf } from '../../src/contract/outage'
import { memoryLog } from '../support/memoryLog'

function watched() {
  const logged = memoryLog()
  const clock = { ms: 0 }
  const outage = new Outage('database', logged.log, () => clock.ms)
  return {
    outage,
    clock,
    lines: () => logged.lines().map(({ msg, failedCalls, seconds }) => ({ msg, failedCalls, seconds })),
  }
}

const START = { msg: 'the database fails: calls that fail with it are counted until it works again' }
const END = { msg: 'the database works again' }

it('an outage has one line at its start and one at its end, with the number of calls in between', () => {
  const { outage, clock, lines } = watched()
  outage.succeeded()
  for (let call = 0; call < 7; call++) {
    const failure = new Error('gone')
    outage.failed(failure)
    outageOf(failure)?.countCall()
    clock.ms += 1000
  }
  expect(lines()).toEqual([START])
  clock.ms += 2000
  outage.succeeded()
  outage.succeeded()
  expect(lines()).toEqual([START, { ...END, failedCalls: 7, seconds: 9 }])
})

it('an outage that comes and goes within seconds is one', () => {
  const { outage, clock, lines } = watched()
  for (let round = 0; round < 5; round++) {
    outage.failed(new Error('gone'))
    clock.ms += 2999
    outage.succeeded()
  }
  expect(lines()).toEqual([START])
  clock.ms += 1
  outage.succeeded()
  outage.failed(new Error('gone again'))
  expect(lines()).toEqual([START, { ...END, failedCalls: 0, seconds: 15 }, START])
})

it('a failure is known as part of an outage also where it is the cause of another', () => {
  const { outage } = watched()
  const failure = new Error('gone')
  outage.failed(failure)
  expect(outageOf(new Error('not written', { cause: failure }))).toBe(outage)
  expect(outageOf(new Error('another'))).toBeNull()
  expect(outageOf(undefined)).toBeNull()
})
