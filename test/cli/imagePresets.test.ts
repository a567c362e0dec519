import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readSettings, SettingsError } from '../../src/settings/settings'
import { keepsake } from '../support/cli'
import { temporaryDirectory } from '../support/server'

let file: string
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  file = path.join(directory, 'presets.json')
  removeDirectory = remove
})

afterAll(() => removeDirectory())

async function presetsIn(content: string) {
  await writeFile(file, content)
  return readSettings({}, { KEEPSAKE_IMAGE_PRESETS: file }).imagePresets
}

describe('a file of image presets', () => {
  it('may say as little as a width or a height', async () => {
    const defaults = { fit: 'inside', background: null, enlarge: false, quality: 80, formats: ['original'] }
    const presets = { thumbnail: { width: 75 }, '1/image/x600/9df78eab': { height: 600 } }
    expect(await presetsIn(JSON.stringify(presets))).toEqual(
      new Map([
        ['thumbnail', { width: 75, height: 4096, ...defaults }],
        ['1/image/x600/9df78eab', { width: 4096, height: 600, ...defaults }],
      ]),
    )
  })

  it('may say all', async () => {
    const preset = {
      width: 4096,
      height: 1,
      fit: 'contain',
      background: '#00FFaa',
      enlarge: true,
      quality: 100,
      formats: ['avif', 'webp', 'png', 'jpeg', 'original'],
    }
    expect(await presetsIn(JSON.stringify({ all: preset }))).toEqual(
      new Map([['all', { ...preset, background: '#00ffaa' }]]),
    )
  })

  it('may list none', async () => {
    expect(await presetsIn('{}')).toEqual(new Map())
  })

  it.each([
    ['is no JSON', '{', /a JSON file \(.*JSON.*\)/],
    ['is no object', '[]', /top level: /],
    ['has a preset that is no object', '{"a": 75}', /a: /],
    ['has a preset without a size', '{"a": {}}', /a: width or height is missing/],
    ['has a preset with an unknown field', '{"a": {"width": 75, "widht": 7}}', /a: .*widht/],
    ['has a width of 0', '{"a": {"width": 0}}', /a, width: /],
    ['has a width beyond the longest', '{"a": {"width": 4097}}', /a, width: /],
    ['has a width in a text', '{"a": {"width": "75"}}', /a, width: /],
    ['has a height that is not whole', '{"a": {"height": 7.5}}', /a, height: /],
    ['has an unknown fit', '{"a": {"width": 75, "height": 75, "fit": "squeeze"}}', /a, fit: /],
    [
      'covers a size of one side',
      '{"a": {"width": 75, "fit": "cover"}}',
      /a: only the fit inside goes without/,
    ],
    [
      'has a colour by its name',
      '{"a": {"width": 75, "background": "red"}}',
      /a, background: a colour such as/,
    ],
    ['has a quality of 101', '{"a": {"width": 75, "quality": 101}}', /a, quality: /],
    ['has an unknown format', '{"a": {"width": 75, "formats": ["tiff"]}}', /a, formats, 0: /],
    ['has no format', '{"a": {"width": 75, "formats": []}}', /a, formats: /],
    ['has a name that leads up', '{"a/../b": {"width": 75}}', /a\/..\/b: not a name for a URL/],
    ['has a name with a slash before', '{"/a": {"width": 75}}', /\/a: not a name for a URL/],
    ['has a name with a slash behind', '{"a/": {"width": 75}}', /a\/: not a name for a URL/],
    ['has a name with a doubled slash', '{"a//b": {"width": 75}}', /a\/\/b: not a name for a URL/],
    ['has a name with an escape', '{"a%2fb": {"width": 75}}', /a%2fb: not a name for a URL/],
    ['has an empty name', '{"": {"width": 75}}', /not a name for a URL/],
  ])('that %s is refused in one line', async (_name, content, reason) => {
    const reading = presetsIn(content)
    await expect(reading).rejects.toThrow(SettingsError)
    const { message } = (await reading.catch((thrown: unknown) => thrown)) as Error
    expect(message).toMatch(reason)
    expect(message).toMatch(/^KEEPSAKE_IMAGE_PRESETS: expected a .+, got ".+presets\.json"$/)
  })

  it('that is missing is refused in one line, and names the flag', async () => {
    expect(await keepsake(['start', '--memory', '--image-presets', 'nosuch.json'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `keepsake: --image-presets: expected a JSON file (ENOENT: no such file or directory, open 'nosuch.json'), got "nosuch.json"\n`,
    })
  })
})
