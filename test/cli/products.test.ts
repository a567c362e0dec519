import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, keepsake, keepsakeHalfRead } from '../support/cli'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'

let directory: string
let environment: Environment
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  directory = temporary.directory
  removeDirectory = temporary.remove
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data') }
  expect((await keepsake(['seed', await fileOf(SMALL_SHOP)], environment)).code).toBe(0)
})

afterAll(() => removeDirectory())

let files = 0

async function fileOf(content: string | Buffer): Promise<string> {
  files++
  const file = path.join(directory, `file-${files}`)
  await writeFile(file, content)
  return file
}

const product = (...args: readonly string[]) => keepsake(['product', ...args], environment)

const list = async () => (await product('list')).stdout

const imported = async (...lines: readonly string[]) =>
  product('import', await fileOf(`${lines.join('\n')}\n`))

const numbered = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index))

describe('product add', () => {
  it('makes a product, and counts on from an id that is given', async () => {
    expect(await product('add', 'Bag')).toEqual({ code: 0, stdout: 'Product Bag has id 2.\n', stderr: '' })
    expect((await product('add', 'Far', '--id', '500')).stdout).toBe('Product Far has id 500.\n')
    expect((await product('add', 'Next')).stdout).toBe('Product Next has id 501.\n')
    expect(await list()).toBe(
      [
        'ID   SKU   ATTRIBUTE SET  WEBSITES  IMAGES',
        '1    Sku   Default        base      0',
        '2    Bag   Default        base      0',
        '500  Far   Default        base      0',
        '501  Next  Default        base      0',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [
      'an id of another product',
      ['New', '--id', '2'],
      'product 2 is Bag: an id and an SKU belong together for good',
    ],
    [
      'another id for an SKU',
      ['Bag', '--id', '3'],
      'product 2 is Bag: an id and an SKU belong together for good',
    ],
    ['an unknown attribute set', ['New', '--attribute-set', 'Nosuch'], 'there is no attribute set Nosuch'],
    ['an unknown website', ['New', '--websites', 'base,nosuch'], 'there is no website nosuch'],
  ])('refuses %s', async (_name, args, reason) => {
    expect(await product('add', ...args)).toEqual({ code: 1, stdout: '', stderr: `keepsake: ${reason}\n` })
  })
})

describe('product import', () => {
  let before: string

  it('makes and changes what a file names', async () => {
    const file = await fileOf(
      [
        '\ufeffSKU,Id,attribute_set,websites',
        'Import-1,700,Default,base',
        '"Import, quoted ""2""",,,',
        '',
        'BAG,2,,',
        ' Import-3 , 701 , Default , base ',
        '',
      ].join('\r\n'),
    )
    expect(await product('import', file)).toEqual({ code: 0, stdout: 'Imported 4 products.\n', stderr: '' })
    before = await list()
    expect(before).toMatch(/^2 +BAG +Default +base +0$/m)
    expect(before).toMatch(/^700 +Import-1 +Default +base +0$/m)
    expect(before).toMatch(/^\d+ +Import, quoted "2" +Default +base +0$/m)
    expect(before).toMatch(/^701 +Import-3 +Default +base +0$/m)
  })

  it('reports every bad line by its number', async () => {
    const { code, stdout, stderr } = await imported(
      'sku,id,attribute_set,websites',
      'Good-1,,,',
      ',,,',
      'Bad-id,x,,',
      'Bad-range,2147483648,,',
      'Bad-zero,0,,',
      'Bad-set,,Nosuch,',
      'Bad-site,,,base|nosuch',
      'good-1,,,',
      'Good-2,800,,',
      'Good-3,800,,',
      'Sku,900,,',
      'Other,1,,',
      '"Good',
      '4",,,',
      'Bad-last,-1,,',
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      [
        'keepsake: nothing was imported, for these lines are bad:',
        '  line 3: the SKU is missing',
        '  line 4: the id is not a whole number from 1 to 2147483647: x',
        '  line 5: the id is not a whole number from 1 to 2147483647: 2147483648',
        '  line 6: the id is not a whole number from 1 to 2147483647: 0',
        '  line 7: there is no attribute set Nosuch',
        '  line 8: there is no website nosuch',
        '  line 9: SKU good-1 stands in line 2 already',
        '  line 11: id 800 stands in line 10 already',
        '  line 12: SKU Sku has id 1',
        '  line 13: id 1 belongs to SKU Sku',
        '  line 16: the id is not a whole number from 1 to 2147483647: -1',
        '',
      ].join('\n'),
    )
  })

  it('shows a hundred of many bad lines, however late they come', async () => {
    const good = numbered(3000, (index) => `Late-${index},`)
    const bad = numbered(150, (index) => `Bad-${index},x`)
    const { code, stderr } = await imported('sku,id', ...good, ...bad)
    expect(code).toBe(1)
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(102)
    expect(lines[1]).toBe('  line 3002: the id is not a whole number from 1 to 2147483647: x')
    expect(lines.at(-1)).toBe('  and 50 more')
  })

  it.each([
    ['without a header', ['Sku-1,5'], /^ {2}line 1: unknown column sku-1; the columns are .+$/m],
    ['with a line of too many fields', ['sku,id', 'A,,,'], /^ {2}line 2: Invalid Record Length: .+$/m],
    ['with a quote that never ends', ['sku', 'A', '"B'], /^ {2}line 3: Quote Not Closed: .+$/m],
    ['with two columns of one name', ['', 'sku,id,SKU'], /^ {2}line 2: the column sku is there twice$/m],
    ['with a NUL', ['sku', 'A', 'B\0', 'C\0'], /^ {2}line 3: there is a NUL in it: .+$/m],
    ['in Latin-1', ['sku', 'A', '\xe9t\xe9', '\xe0'], /^ {2}line 3: it is not UTF-8: .+$/m],
  ])('refuses a file %s', async (_name, lines, reason) => {
    // Each character is one byte here.
    const file = await fileOf(Buffer.from(lines.join('\n'), 'latin1'))
    const { code, stdout, stderr } = await product('import', file)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(reason)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it.each([
    ['is missing', 'nosuch.csv', /^keepsake: ENOENT: .+\n$/],
    ['is a directory', '.', /^keepsake: EISDIR: .+\n$/],
  ])('says in one line that a file %s', async (_name, name, reason) => {
    const { code, stderr } = await product('import', path.join(directory, name))
    expect(code).toBe(1)
    expect(stderr).toMatch(reason)
  })

  it('imports nothing of a file without lines', async () => {
    expect(await product('import', await fileOf(''))).toMatchObject({
      code: 0,
      stdout: 'Imported 0 products.\n',
    })
  })

  it('has imported nothing of all these', async () => {
    expect(await list()).toBe(before)
  })

  it('takes 5,000 lines, which are listed below one header', async () => {
    expect((await imported('sku', ...numbered(5000, (index) => `Bulk-${index}`))).stdout).toBe(
      'Imported 5000 products.\n',
    )
    const listed = (await list()).trimEnd().split('\n')
    expect(listed.filter((line) => line.includes('Bulk-'))).toHaveLength(5000)
    expect(listed.filter((line) => line.startsWith('ID'))).toHaveLength(1)
  })

  it('does not mind a reader of the list that has seen enough', async () => {
    const { code, stdout, stderr } = await keepsakeHalfRead(['product', 'list'], environment)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^ID +SKU/)
  })
})
