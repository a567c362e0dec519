import { readFile } from 'node:fs/promises'
import { send } from '../support/http'
import { ENDPOINT, faultOf, loginEnvelope } from '../support/soap'
import { failingShop } from './support/failingShop'

const MEGABYTE = 1024 ** 2
const BODY = 8 * MEGABYTE
const CLIENTS = 80
/** What the bodies that find room may cost, with all that is made of them. All of the flood would be 640 MB unparsed. */
const MOST_GROWTH = 300 * MEGABYTE

test('a flood of large bodies is turned away in part, and costs a bounded amount of memory', async () => {
  const shop = await failingShop({
    KEEPSAKE_MEMORY: 'true',
    KEEPSAKE_BODY_LIMIT: '8MB',
    KEEPSAKE_BODIES_LIMIT: '16MB',
  })
  const { url, pid } = shop.server
  const before = await mostMemory(pid)
  const body = Buffer.from(loginEnvelope().padEnd(BODY))
  const answers = await Promise.all(
    Array.from({ length: CLIENTS }, () => send(url, { method: 'POST', path: ENDPOINT, body })),
  )
  const faults = answers.map((answer) => faultOf(answer)?.code ?? 'answered')
  const grown = (await mostMemory(pid)) - before
  process.stdout.write(
    `${CLIENTS} bodies of 8 MB: ${faults.filter((fault) => fault === 'answered').length} answered, memory grew by ${Math.round(grown / MEGABYTE)} MB\n`,
  )
  expect(new Set(faults)).toEqual(new Set(['answered', '1']))
  expect(grown).toBeLessThan(MOST_GROWTH)
  expect(await shop.client.call('product_media.list', 'Sku')).toEqual([])
  expect((await shop.stop()).code).toBe(0)
})

/** The most memory that a process has ever had resident, in bytes. */
async function mostMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
