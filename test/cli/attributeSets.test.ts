import path from 'node:path'
import { type Environment, keepsake } from '../support/cli'
import { temporaryDirectory } from '../support/server'

let environment: Environment
let remove: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  remove = temporary.remove
  environment = { KEEPSAKE_DATA_DIR: path.join(temporary.directory, 'data') }
})

afterAll(() => remove())

const run = (...args: readonly string[]) => keepsake(args, environment)

test('a media attribute is made, and attribute sets have it in the order that they name', async () => {
  const made = await run('media-attribute', 'add', 'swatch', '--label', 'Swatch', '--scope', 'global')
  expect(made).toMatchObject({ code: 0, stderr: '' })
  const codes = 'thumbnail,swatch,image'
  const added = await run('attribute-set', 'add', 'Garments', '--id', '10', '--media-attributes', codes)
  expect(added).toMatchObject({
    code: 0,
    stdout: 'Saved attribute set Garments with id 10 and the types thumbnail, swatch, image.\n',
  })
  const { stdout: sets } = await run('attribute-set', 'list')
  expect(sets).toMatch(/10 +Garments +yes +thumbnail,swatch,image/)
  const { stdout: attributes } = await run('media-attribute', 'list')
  expect(attributes).toMatch(/swatch +Swatch +global +Garments/)
})

test('an attribute set may have no gallery, and keeps its types when they are not named', async () => {
  await run('attribute-set', 'add', 'Garments', '--no-gallery')
  const { stdout } = await run('attribute-set', 'list')
  expect(stdout).toMatch(/10 +Garments +no +thumbnail,swatch,image/)
})

test('what is wrong is told in a line', async () => {
  expect(await run('attribute-set', 'add', 'Garments', '--media-attributes', 'nosuch')).toMatchObject({
    code: 1,
    stderr: 'keepsake: there is no media attribute nosuch\n',
  })
  expect((await run('media-attribute', 'add', 'a:b')).stderr).toContain('A code is not empty')
  expect((await run('media-attribute', 'add', 'x', '--scope', 'planet')).stderr).toContain(
    'store, global, website',
  )
})
