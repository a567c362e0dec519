import { isBlocked } from '../../src/api/loginGuard'

const last = new Date('2026-01-01T00:00:00Z')
const after = (seconds: number) => new Date(last.getTime() + seconds * 1000)
const blockedFor = (failures: number) => {
  const limits = { longestBlockSeconds: 900 }
  return Array.from({ length: 1000 }, (_, second) => second).filter((second) =>
    isBlocked({ failures, last }, 10, limits, after(second)),
  ).length
}

it.each([
  [9, 0],
  [10, 1],
  [11, 2],
  [14, 16],
  [19, 512],
  [20, 900],
  [1_000_000, 900],
])('after %i failures, with a limit of 10, a block lasts %i seconds', (failures, seconds) => {
  expect(blockedFor(failures)).toBe(seconds)
})

it('nobody is blocked who has not failed, or where there is no limit', () => {
  expect(isBlocked(null, 10, { longestBlockSeconds: 900 }, last)).toBe(false)
  expect(isBlocked({ failures: 100, last }, 0, { longestBlockSeconds: 900 }, last)).toBe(false)
})
