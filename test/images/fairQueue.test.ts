import fc from 'fast-check'
import { FairQueue, RoundRobin } from '../../src/contract/fairQueue'

const CLIENTS = ['a', 'b', 'c', 'd']

/** A client that adds an item, or null for one that is taken. */
const steps = fc.array(fc.option(fc.constantFrom(...CLIENTS), { freq: 2 }), { maxLength: 200 })

describe('what waits in turns', () => {
  it('is taken once each, of one client in the order in which it came', () => {
    fc.assert(
      fc.property(steps, (clients) => {
        const { queue, added, taken } = played(clients)
        while (queue.size > 0) taken.push(queue.next())
        for (const client of CLIENTS)
          expect(taken.filter((item) => item?.client === client)).toEqual(
            added.filter((item) => item.client === client),
          )
        expect(taken).toHaveLength(added.length)
        expect(queue.next()).toBeUndefined()
      }),
    )
  })

  it('has at most one item of each other client taken before the first of a client that comes', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(...CLIENTS), (clients, late) => {
        const { queue } = played(clients.filter((client) => client !== late))
        queue.add(late, { client: late, number: -1 })
        const before: string[] = []
        for (let item = queue.next(); item && item.client !== late; item = queue.next())
          before.push(item.client)
        expect(new Set(before).size).toBe(before.length)
      }),
    )
  })
})

function played(clients: readonly (string | null)[]) {
  const queue = new RoundRobin<{ client: string; number: number }>()
  const added: { client: string; number: number }[] = []
  const taken: ReturnType<typeof queue.next>[] = []
  for (const [number, client] of clients.entries()) {
    if (client === null) {
      if (queue.size > 0) taken.push(queue.next())
    } else {
      queue.add(client, { client, number })
      added.push({ client, number })
    }
  }
  return { queue, added, taken }
}

describe('a fair queue', () => {
  it('runs no more at once than it may, and one client’s work after one of another’s', async () => {
    const queue = new FairQueue(2)
    const begun: string[] = []
    let running = 0
    let most = 0
    const work = (name: string) => async () => {
      begun.push(name)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
    }
    const many = Array.from({ length: 10 }, (_, index) => queue.run('many', work(`many ${index}`)))
    const one = queue.run('one', work('one'))
    expect(queue.load()).toEqual({ running: 2, waiting: 9 })
    await Promise.all([...many, one])
    expect(begun.indexOf('one')).toBe(3)
    expect(most).toBe(2)
    expect(queue.load()).toEqual({ running: 0, waiting: 0 })
  })

  it('goes on after work that fails, whose failure is the caller’s', async () => {
    const queue = new FairQueue(1)
    const failing = queue.run('a', async () => {
      throw new Error('failed')
    })
    const next = queue.run('a', async () => 'done')
    await expect(failing).rejects.toThrow('failed')
    expect(await next).toBe('done')
  })
})
