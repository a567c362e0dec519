import { readdir } from 'node:fs/promises'
import type { Finished } from '../support/cli'
import { runDemo } from '../support/demo'
import { temporaryDirectory } from '../support/server'

describe('the demo', () => {
  let directory: string
  let remove: () => Promise<void>
  let demo: Finished

  beforeAll(async () => {
    ;({ directory, remove } = await temporaryDirectory())
    demo = await runDemo(directory)
  })

  afterAll(() => remove())

  test('ends well, from any directory, and leaves nothing behind', async () => {
    expect(demo).toMatchObject({ code: 0, stderr: '' })
    expect(await readdir(directory)).toEqual([])
  })

  test('plays every step of the documentation’s example', () => {
    const titles = demo.stdout.split('\n').filter((line) => /^\d/.test(line))
    expect(titles).toEqual([
      '1. Log in',
      '2. Create an image',
      '3. See the newly created image',
      '4. Make it the main image of the product',
      '5. See the updated image',
      '6. Remove the image',
      '7. See the images without it',
    ])
  })

  test.each([
    ['1. Log in', /login\('apiUser', '[0-9a-f]{32}'\)\n {3}→ '[0-9a-f]{32}'/],
    ['2. Create an image', /call\(session, 'product_media.create', \[[^→]*→ '\/f\/i\/file_name.jpg'/],
    ['3. See the newly created image', /call\(session, 'product_media.list', 'Sku'\)[^→]*→ .*'small_image'/s],
    ['4. Make it the main image', /call\(session, 'product_media.update', [^→]*→ true/],
    ['5. See the updated image', /call\(session, 'product_media.list', 'Sku'\)[^→]*→ .*\[ 'image' \]/s],
    ['6. Remove the image', /call\(session, 'product_media.remove', [^→]*→ true/],
    ['7. See the images without it', /call\(session, 'product_media.list', 'Sku'\)\n {3}→ \[\]/],
  ])('%s: shows the call and its answer', (title, shown) => {
    expect(stepOf(demo.stdout, title)).toMatch(shown)
  })

  test('tells how to serve for real', () => {
    expect(demo.stdout).toMatch(/To serve for real.*: npm start\n/)
  })
})

function stepOf(stdout: string, title: string): string {
  return stdout.split('\n\n').find((step) => step.startsWith(title)) ?? ''
}
