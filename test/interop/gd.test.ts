import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { decoded } from '../../src/images/decoding/decodingWork'
import { describeWithCommand } from './support/command'

/** What Magento asks of an image: that PHP's GD tells its size, and reads it. */
const SCRIPT = `
  foreach (glob($argv[1] . '/*') as $file) {
    $isImage = @getimagesize($file) && @imagecreatefromstring(file_get_contents($file));
    echo basename($file), ' ', $isImage ? 'taken' : 'refused', "\\n";
  }`

const WIDTH = 97
const HEIGHT = 61

/** How many images have flipped bits, of each form. */
const FLIPPED = 150

const pixels = Buffer.from(
  Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)]
    return [x * 2, y * 4, (x * y) & 255]
  }).flat(),
)

const FORMS: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  'baseline JPEG': (image) => image.jpeg(),
  'progressive JPEG': (image) => image.jpeg({ progressive: true }),
  'grey JPEG': (image) => image.greyscale().jpeg(),
  'CMYK JPEG': (image) => image.toColourspace('cmyk').jpeg(),
  GIF: (image) => image.gif(),
  PNG: (image) => image.png(),
  'interlaced PNG': (image) => image.png({ progressive: true }),
  'PNG with a palette': (image) => image.png({ palette: true }),
}

/**
 * How many of the images with flipped bits are refused though GD takes them: GIFs whose parts cannot be told from each other
 * any more, and JPEGs in whose scans libvips gives up.
 */
const REFUSED_MORE: Readonly<Record<string, number>> = { GIF: 5, 'progressive JPEG': 2 }

describeWithCommand('php', 'damaged images are taken where PHP’s GD takes them', () => {
  it.each(Object.keys(FORMS))(
    '%s, cut at every hundredth, at its last bytes, and with flipped bits',
    async (form) => {
      const damaged = damagedForms(await encoded(form))
      const taken = await takenByGd(damaged)
      const refused: string[] = []
      for (const [name, bytes] of damaged) {
        const { result } = await decoded({ kind: 'measure', maxPixels: 50_000_000 }, bytes)
        if (taken.has(name) && 'problem' in result) refused.push(`${name}: ${result.problem}`)
      }
      expect(taken.size).toBeGreaterThan(0)
      if (refused.length > (REFUSED_MORE[form] ?? 0)) expect(refused).toEqual([])
    },
  )
})

async function encoded(form: string): Promise<Buffer> {
  const image = sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
  return (FORMS[form]?.(image) ?? image).toBuffer()
}

function damagedForms(whole: Buffer): ReadonlyMap<string, Buffer> {
  const damaged = new Map<string, Buffer>()
  for (let hundredth = 1; hundredth <= 100; hundredth++)
    damaged.set(`cut-${hundredth}`, whole.subarray(0, Math.floor((whole.length * hundredth) / 100)))
  for (let lost = 1; lost <= 4; lost++) damaged.set(`less-${lost}`, whole.subarray(0, whole.length - lost))
  const random = randomNumbers(7)
  for (let index = 0; index < FLIPPED; index++) {
    const flipped = Buffer.from(whole)
    for (let flips = 0; flips <= index % 3; flips++) {
      const at = random(flipped.length)
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << random(8)), at)
    }
    damaged.set(`flipped-${index}`, flipped)
  }
  return damaged
}

/** Numbers that are the same in every run: the multiplier and the increment are those of ANSI C. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >> 8) % below
  }
}

async function takenByGd(images: ReadonlyMap<string, Buffer>): Promise<ReadonlySet<string>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'keepsake-gd-'))
  try {
    for (const [name, bytes] of images) await writeFile(path.join(directory, name), bytes)
    const { stdout, status } = spawnSync('php', ['-r', SCRIPT, '--', directory], { encoding: 'utf8' })
    if (status !== 0) throw new Error('PHP has no GD: install php-gd')
    const lines = stdout.trim().split('\n')
    return new Set(lines.flatMap((line) => (line.endsWith(' taken') ? [line.split(' ')[0] ?? ''] : [])))
  } finally {
    await rm(directory, { recursive: true })
  }
}
