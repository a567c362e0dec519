import { Readiness } from '../../src/metrics/readiness'
import { memoryLog } from '../support/memoryLog'

function watched() {
  const logged = memoryLog()
  const clock = { ms: 0 }
  const disk = { isFull: false, asked: 0 }
  const check = async () => {
    disk.asked++
    if (disk.isFull) throw new Error('full')
  }
  const readiness = new Readiness({ disk: check }, logged.log, () => clock.ms)
  return { readiness, clock, disk, lines: logged.lines }
}

const OK = { status: 'ok', disk: 'ok' }
const FAILED = { status: 'failed', disk: 'failed' }

it('what the checks have found is told for 5 s without asking again', async () => {
  const { readiness, clock, disk } = watched()
  const together = await Promise.all(Array.from({ length: 20 }, () => readiness.state()))
  expect(new Set(together)).toEqual(new Set([OK]))
  disk.isFull = true
  clock.ms = 4999
  expect(await readiness.state()).toEqual(OK)
  expect(disk.asked).toBe(1)
  clock.ms = 5000
  expect(await readiness.state()).toEqual(FAILED)
  expect(disk.asked).toBe(2)
})

it('what has failed is asked again after a second', async () => {
  const { readiness, clock, disk } = watched()
  disk.isFull = true
  expect(await readiness.state()).toEqual(FAILED)
  disk.isFull = false
  expect(await readiness.state()).toEqual(FAILED)
  clock.ms = 1000
  expect(await readiness.state()).toEqual(OK)
})

it('a check that goes on failing is one line in the log', async () => {
  const { readiness, clock, disk, lines } = watched()
  disk.isFull = true
  for (let probe = 0; probe < 10; probe++) {
    await readiness.state()
    clock.ms += 1000
  }
  expect(disk.asked).toBe(10)
  expect(lines()).toMatchObject([{ msg: 'not ready', check: 'disk', err: { message: 'full' } }])
})

it('a server that was told to stop is not ready, and asks nothing more', async () => {
  const { readiness, disk } = watched()
  readiness.announceStop()
  expect(await readiness.state()).toEqual({ status: 'stopping' })
  expect(disk.asked).toBe(0)
})
