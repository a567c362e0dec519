import { type ImageHeader, sizeProblem } from '../../src/images/decoding/imageSize'

const MEGAPIXELS = 1_000_000
const LIMIT = 50 * MEGAPIXELS

const photograph: ImageHeader = { format: 'jpeg', width: 8600, height: 5800, channels: 3, depth: 'uchar' }

test.each<[what: string, header: Partial<ImageHeader>]>([
  ['a plain photograph of 50 megapixels', {}],
  ['a progressive one', { isProgressive: true }],
  ['a plain one in printing colours', { channels: 4 }],
  [
    'a progressive one of 37 megapixels in printing colours',
    { channels: 4, isProgressive: true, width: 6400 },
  ],
  ['an interlaced PNG', { format: 'png', channels: 4, isProgressive: true }],
  ['a plain PNG of 16 bits', { format: 'png', channels: 4, depth: 'ushort' }],
])('%s is not too large', (_what, header) => {
  expect(sizeProblem({ ...photograph, ...header }, LIMIT)).toBeNull()
})

test.each<[what: string, header: Partial<ImageHeader>, problem: string]>([
  [
    'an image of more pixels',
    { width: 9000 },
    'it has 52200000 pixels, and KEEPSAKE_MAX_PIXELS allows 50000000',
  ],
  [
    'a progressive JPEG in printing colours',
    { channels: 4, isProgressive: true },
    'it is progressive or interlaced, and has 49880000 pixels of 4 channels: KEEPSAKE_MAX_PIXELS allows 37500000 of them',
  ],
  [
    'an interlaced PNG of 16 bits with opacity',
    { format: 'png', channels: 4, depth: 'ushort', isProgressive: true },
    'it is progressive or interlaced, and has 49880000 pixels of 4 channels: KEEPSAKE_MAX_PIXELS allows 37500000 of them',
  ],
])('%s is, with the limit as the reason', (_what, header, problem) => {
  expect(sizeProblem({ ...photograph, ...header }, LIMIT)).toBe(problem)
})
