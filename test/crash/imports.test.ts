import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Environment, keepsake, MAIN, serving } from '../support/cli'
import { dumpOf, type MadeTables, madeShop, OLD_KEY } from '../support/magentoShop'
import { picture } from '../support/pictures'
import { temporaryDirectory } from '../support/server'

const KILLS = 6
/** A process that finds the lock of a killed one watches it for so long before it goes on, in milliseconds. */
const LOCK_MS = 5000
/** Within this time after its start an import of the test is killed, in milliseconds. It takes longer to its end. */
const LONGEST_LIFE_MS = 2500
const IDS = Array.from({ length: 400 }, (_, index) => 1000 + index)

const KEY_HASH = createHash('md5').update(OLD_KEY).digest('hex')

/** The made shop with many more products, each with an image of its own. */
function manyProducts(): MadeTables {
  const shop = madeShop(KEY_HASH)
  return {
    ...shop,
    catalog_product_entity: [
      ...(shop.catalog_product_entity ?? []),
      ...IDS.map((entity_id) => ({
        entity_id,
        entity_type_id: 4,
        attribute_set_id: 4,
        type_id: 'simple',
        sku: `many-${entity_id}`,
      })),
    ],
    catalog_product_entity_media_gallery: [
      ...(shop.catalog_product_entity_media_gallery ?? []),
      ...IDS.map((id) => ({ value_id: id, attribute_id: 88, entity_id: id, value: `/m/a/many_${id}.gif` })),
    ],
    catalog_product_entity_media_gallery_value: [
      ...(shop.catalog_product_entity_media_gallery_value ?? []),
      ...IDS.map((id) => ({ value_id: id, store_id: 0, label: `Label ${id}`, position: 1, disabled: 0 })),
    ],
  }
}

test('an import that is killed again and again ends with the same as one that is not', async () => {
  const { directory, remove } = await temporaryDirectory()
  try {
    const [dump, media] = [path.join(directory, 'shop.sql'), path.join(directory, 'media')]
    await writeFile(dump, dumpOf(manyProducts()))
    const gif = await picture('gif', 1)
    await mkdir(path.join(media, 'catalog/product/m/a'), { recursive: true })
    for (const id of IDS) await writeFile(path.join(media, `catalog/product/m/a/many_${id}.gif`), gif)
    const environmentOf = (name: string): Environment => ({
      KEEPSAKE_DATA_DIR: path.join(directory, name),
      KEEPSAKE_COMPARE_KEY: OLD_KEY,
    })
    const command = ['import', 'magento', dump, '--media', media]
    const [killed, whole] = [environmentOf('killed'), environmentOf('whole')]
    expect((await keepsake(command, whole)).code).toBe(0)

    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [MAIN, ...command], {
        env: { ...process.env, ...killed },
        stdio: 'ignore',
      })
      const exited = once(child, 'exit')
      const life = 200 + (LONGEST_LIFE_MS * (kill + Math.random())) / KILLS
      await sleep(kill === 0 ? life : LOCK_MS + life)
      child.kill('SIGKILL')
      await exited
    }
    expect(await keepsake(command, killed)).toMatchObject({ code: 0 })

    const saved = path.join(directory, 'answers.json')
    const old = await keepsake(['user', 'list'], whole)
    expect((await keepsake(['user', 'list'], killed)).stdout).toBe(old.stdout)
    await record(whole, killed, saved)
    const compared = await keepsake(['compare', '--user', 'erp', '--recorded', saved], killed)
    expect(compared).toMatchObject({ code: 0 })
    expect(compared.stdout).toContain('nothing differs')
    await keepsake(['gc', '--delete', '--grace', '0'], killed)
    expect(await keepsake(['fsck'], killed)).toMatchObject({ code: 0 })
  } finally {
    await remove()
  }
}, 600_000)

/** Serves a shop, and saves its answers about the products that another storage has. */
async function record(shop: Environment, other: Environment, file: string): Promise<void> {
  const server = await serving(shop)
  try {
    const command = ['compare', `${server.url}/api/soap/?wsdl`, '--user', 'erp', '--save', file]
    expect(await keepsake(command, other)).toMatchObject({ code: 0 })
  } finally {
    await server.stop('SIGTERM')
  }
}
