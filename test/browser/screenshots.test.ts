import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { packageRoot } from '../../src/packageRoot'
import { control } from '../support/control'
import { login } from '../support/soap'
import { describeWithBrowser } from './support/browser'
import { type ConsoleSession, closeBrowser, openConsole, openDouble, sharedBrowser } from './support/session'
import { waitFor } from './support/waitFor'

/** Where the documentation has them; they are written there only by `npm run screenshots`. */
const DIRECTORY = path.join(packageRoot, 'docs', 'guides', 'console')
const IS_WANTED = process.env.KEEPSAKE_SCREENSHOTS === '1'

let console_: ConsoleSession

beforeAll(async () => {
  console_ = await openDouble(await sharedBrowser())
  const { url } = console_.server
  await control(url, 'PUT', '/galleries/1/images/1?store=2', { label: 'Von vorn' })
  await control(url, 'POST', '/consumers', { name: 'Warehouse' })
  const rule = {
    name: 'full disk',
    when: { method: 'create', nth: 2 },
    answer: { fault: 104, message: 'The disk is full.' },
  }
  await control(url, 'POST', '/rules', rule)
  await control(url, 'POST', '/rules', { when: { protocol: 'rest' }, answer: { http: 503 }, times: 3 })
  const client = await login(url)
  await client.call('product_media.list', 'teapot-blue')
  await client.call('product_media.list', 'teapot-green')
  await client.fault('product_media.info', 'teapot-red', '/f/r/front.jpg')
})
afterAll(async () => {
  await console_.end()
  await closeBrowser()
})

/** What the documentation shows: the picture, its place, what is pressed first, and what must then be there. */
const PICTURES: readonly (readonly [name: string, place: string, press: readonly RegExp[], seen: string])[] =
  [
    ['products', 'products', [], 'teapot-blue'],
    ['gallery', 'products/1', [], 'Von vorn'],
    ['edit', 'products/1', [/^Edit Von vorn/], 'Replace the file'],
    ['users', 'users', [], 'importer'],
    ['consumers', 'consumers', [], 'Warehouse'],
    ['journal', 'journal', [/^\d+ info/], 'Why:'],
    ['rules', 'rules', [], 'full disk'],
    ['rule', 'rules', [/^Change rule full disk/], 'What is answered'],
    ['server', 'server', [], 'Stand still at'],
  ]

async function take(name: string, place: string, press: readonly RegExp[], seen: string, dark = false) {
  const page = await console_.another(place, dark ? { colorScheme: 'dark' } : {})
  for (const button of press) await page.getByRole('button', { name: button }).first().click()
  await page.getByText(seen).first().waitFor()
  await waitFor(async () => expect(await page.evaluate(ALL_SHOWN)).toBe(true))
  if (IS_WANTED) await save(name, await page.screenshot())
  await page.context().close()
}

async function save(name: string, png: Buffer): Promise<void> {
  await mkdir(DIRECTORY, { recursive: true })
  await sharp(png)
    .png({ palette: true, compressionLevel: 9 })
    .toFile(path.join(DIRECTORY, `${name}.png`))
}

/** Run by the page: whether each of its pictures is there. */
const ALL_SHOWN = '[...document.images].every(({ complete }) => complete)'

describeWithBrowser('the documentation shows', () => {
  it.each(PICTURES)('%s', (name, place, press, seen) => take(name, place, press, seen))

  it('a gallery in the dark', () => take('gallery-dark', 'products/1', [], 'Von vorn', true))

  it('two calls compared', async () => {
    const page = await console_.another('journal', {})
    const boxes = page.getByRole('checkbox', { name: /^Compare call/ })
    // The newest is first: the fault, then the two lists.
    await boxes.nth(1).check()
    await boxes.nth(2).check()
    await page.getByRole('heading', { name: /compared$/ }).waitFor()
    if (IS_WANTED) await save('compare', await page.screenshot())
    await page.context().close()
  })

  it('the page to sign in', async () => {
    const signedOut = await openConsole(await sharedBrowser())
    await signedOut.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    if (IS_WANTED) await save('sign-in', await signedOut.page.screenshot())
    await signedOut.end()
  })
})
