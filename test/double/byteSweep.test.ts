import { ByteSweep } from '../../src/double/byteSweep'
import { MemoryImages } from '../../src/images/memoryImages'
import { memoryLog } from '../support/memoryLog'

const KEYS = ['/a/b/needed~1.gif', '/a/b/unneeded~2.gif'] as const

async function swept(age: number): Promise<readonly string[]> {
  const images = new MemoryImages(() => new Date(Date.now() - age))
  for (const key of KEYS) await images.write(key, Buffer.from(key))
  const sweep = new ByteSweep({
    images,
    needed: async () => new Set([KEYS[0]]),
    dropOutdated: async () => undefined,
    log: memoryLog().log,
  })
  sweep.start()
  await sweep.stop()
  const left: string[] = []
  for await (const { key } of images.list()) left.push(key)
  return left
}

describe('the bytes of a double', () => {
  it('are let go when nobody needs them', async () => {
    expect(await swept(3_600_000)).toEqual([KEYS[0]])
  })

  it('stay while they may be of an upload that is under way', async () => {
    expect(await swept(0)).toEqual(KEYS)
  })
})
