import type { Locator, Page } from 'playwright-core'
import { describeWithBrowser } from './support/browser'
import { type ConsoleSession, closeBrowser, openDouble, sharedBrowser } from './support/session'
import { teapot } from './support/shop'
import { waitFor } from './support/waitFor'

let console_: ConsoleSession
let page: Page

beforeEach(async () => {
  console_ = await openDouble(await sharedBrowser())
  page = console_.page
  await console_.goTo('products/1')
  await page.getByRole('heading', { name: 'teapot-blue' }).waitFor()
})
afterEach(() => console_.end())
afterAll(closeBrowser)

const column = (name: string) => page.getByRole('region', { name, exact: true })
const labels = (name: string) => column(name).getByRole('heading', { level: 3 })
const card = (name: string, label: string) =>
  column(name).getByRole('listitem').filter({ hasText: label }).first()

async function edit(storeView: string, label: string): Promise<Locator> {
  await page.getByRole('button', { name: `Edit ${label} in ${storeView}` }).click()
  return page.getByRole('dialog')
}

/** Run by the page: a file as a drag from the desktop carries it, from its bytes in base64. */
const DRAGGED_FILE = `((content) => {
  const transfer = new DataTransfer()
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
  transfer.items.add(new File([bytes], 'dropped.jpg', { type: 'image/jpeg' }))
  return transfer
})`

describeWithBrowser('a gallery', () => {
  it('is shown in every store view side by side', async () => {
    const columns = page.getByRole('region')
    await waitFor(async () => expect(await columns.count()).toBe(3))
    const boxes = await Promise.all((await columns.all()).map((one) => one.boundingBox()))
    expect(new Set(boxes.map((box) => box?.y)).size).toBe(1)
  })

  it('tells own values from inherited ones in words, too', async () => {
    expect(await card('german', 'From the front').innerText()).toContain('(inherited label)')
    await edit('german', 'From the front').then((dialog) => dialog.getByLabel('Label').fill('Von vorn'))
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await waitFor(async () => expect(await card('german', 'Von vorn').innerText()).toContain('(own label)'))
    expect(await card('default', 'From the front').innerText()).toContain('(inherited label)')
    expect(await labels('Default values').first().innerText()).toBe('From the front')
  })

  it('takes files that are picked', async () => {
    await column('Default values')
      .getByLabel('Add images')
      .setInputFiles([
        { name: 'handle.jpg', mimeType: 'image/jpeg', buffer: await teapot(120) },
        { name: 'spout.jpg', mimeType: 'image/jpeg', buffer: await teapot(160) },
      ])
    await column('german').getByText('/s/p/spout.jpg').waitFor()
    expect(await column('german').getByText('/h/a/handle.jpg').count()).toBe(1)
  })

  it('takes a file that is dropped', async () => {
    const bytes = (await teapot(60)).toString('base64')
    const files = await page.evaluateHandle(`${DRAGGED_FILE}('${bytes}')`)
    await column('Default values').locator('.drop').dispatchEvent('drop', { dataTransfer: files })
    await column('default').getByText('/d/r/dropped.jpg').waitFor()
  })

  it('says why a file is refused', async () => {
    await column('Default values')
      .getByLabel('Add images')
      .setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no image at all') })
    expect(await page.getByRole('alert').innerText()).toBe('Unsupported image format.')
  })

  it('changes types, position and exclusion', async () => {
    const dialog = await edit('Default values', 'Pouring')
    await dialog.getByLabel('Thumbnail').check()
    await dialog.getByLabel('Position').fill('7')
    await dialog.getByLabel('Exclude').check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await waitFor(async () => {
      const text = await card('Default values', 'Pouring').innerText()
      for (const shown of ['Thumbnail', 'position 7', 'excluded']) expect(text).toContain(shown)
    })
    expect(await card('Default values', 'From the front').innerText()).not.toContain('Thumbnail')
  })

  it('is reordered by dragging', async () => {
    await column('Default values')
      .getByRole('button', { name: 'Move lid.jpg, 3 of 3' })
      .dragTo(card('Default values', 'From the front'))
    await waitFor(async () =>
      expect(await labels('Default values').allInnerTexts()).toEqual([
        'no label',
        'From the front',
        'Pouring',
      ]),
    )
  })

  it('is reordered by the arrow keys, which say where an image is now and keep the focus', async () => {
    await column('german').getByRole('button', { name: 'Move Pouring, 2 of 3' }).focus()
    await page.keyboard.press('ArrowUp')
    await waitFor(async () =>
      expect(await page.getByRole('status').first().innerText()).toBe('Pouring is now 1 of 3 in german.'),
    )
    const focused = () => page.evaluate('document.activeElement.ariaLabel')
    expect(await focused()).toBe('Move Pouring, 1 of 3 in german: arrow keys')
    await page.keyboard.press('End')
    await waitFor(async () => expect(await focused()).toBe('Move Pouring, 3 of 3 in german: arrow keys'))
    expect(await labels('default').first().innerText()).toContain('From the front')
  })

  it('is reordered by buttons', async () => {
    await page.getByRole('button', { name: 'Move From the front down in default', exact: true }).click()
    await waitFor(async () => expect(await labels('default').first().innerText()).toContain('Pouring'))
  })

  it('loses an image after a question', async () => {
    const remove = page.getByRole('button', { name: 'Remove Pouring from Default values' })
    await remove.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await card('german', 'Pouring').count()).toBe(1)
    await remove.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await waitFor(async () => expect(await page.getByText('Pouring').count()).toBe(0))
  })

  it('keeps an image that a type shows elsewhere, and says so', async () => {
    await page.getByRole('button', { name: 'Remove From the front from german' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    expect(await page.getByRole('alert').innerText()).toMatch(/^From the front stays/)
  })

  it('is explained where the attribute set has none', async () => {
    await console_.goTo('products/3')
    await page.getByText('The attribute set of this product has no gallery.').waitFor()
  })

  it('is missed where the product is', async () => {
    await console_.goTo('products/99')
    expect(await page.getByRole('alert').innerText()).toContain('There is no product with this id.')
  })
})
