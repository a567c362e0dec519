import { HeapRoom } from '../../src/http/heapRoom'

/** Work that lasts until it is ended. */
function work() {
  let isBegun = false
  let end = () => {}
  let fail = () => {}
  const promise = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = () => reject(new Error('failed'))
  })
  return {
    begin: () => {
      isBegun = true
      return promise
    },
    isBegun: () => isBegun,
    end: () => end(),
    fail: () => fail(),
  }
}

it('lets work begin that has room, and has other work wait in line for it', async () => {
  const room = new HeapRoom(100)
  const [first, second, large, small] = [work(), work(), work(), work()]
  const runs = [
    room.run(40, first.begin),
    room.run(60, second.begin),
    room.run(100, large.begin),
    room.run(1, small.begin),
  ]
  const begun = () => [first, second, large, small].map(({ isBegun }) => isBegun())
  expect(begun()).toEqual([true, true, false, false])
  first.end()
  await runs[0]
  // What is small does not overtake what is large, which might wait for ever.
  expect(begun()).toEqual([true, true, false, false])
  second.end()
  await runs[1]
  await settled()
  expect(begun()).toEqual([true, true, true, false])
  large.end()
  await runs[2]
  await settled()
  expect(begun()).toEqual([true, true, true, true])
  small.end()
  await Promise.all(runs)
})

it('gives the room of work back that failed', async () => {
  const room = new HeapRoom(100)
  const failing = work()
  const run = room.run(100, failing.begin)
  const next = room.run(100, async () => 'begun')
  failing.fail()
  await expect(run).rejects.toThrow('failed')
  expect(await next).toBe('begun')
})

it('turns work away that has waited too long, and lets what is behind it begin', async () => {
  jest.useFakeTimers()
  try {
    const room = new HeapRoom(100)
    const [long, small] = [work(), work()]
    const runs = [room.run(60, long.begin)]
    const refused = expect(room.run(100, async () => {})).rejects.toMatchObject({
      name: 'Overloaded',
      shortage: 'bodies',
    })
    jest.advanceTimersByTime(20_000)
    runs.push(room.run(40, small.begin))
    jest.advanceTimersByTime(10_000)
    await refused
    expect(small.isBegun()).toBe(true)
    long.end()
    small.end()
    await Promise.all(runs)
  } finally {
    jest.useRealTimers()
  }
})

const settled = () => new Promise((resolve) => setImmediate(resolve))
