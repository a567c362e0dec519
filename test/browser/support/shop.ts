import sharp from 'sharp'
// The application's decoder closes this loader for the whole process; the drawings are made with it all the same.
import '../../../src/images/decoding/decodingWork'
import { control, DOUBLE } from '../../support/control'
import { startTestServer, type TestServer } from '../../support/server'

sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] })

export const OPERATOR = { username: 'apiUser', apiKey: 'apiKey123' }

/** A shop with something to look at: two languages, a few products, one of them without a gallery. */
const SHOP = {
  websites: [{ id: 1, code: 'base' }],
  stores: [
    { id: 1, code: 'default', website: 1 },
    { id: 2, code: 'german', website: 1 },
  ],
  attributeSets: [
    { id: 4, name: 'Default', gallery: true },
    { id: 9, name: 'Gift card', gallery: false },
  ],
  roles: [
    { name: 'all', resources: ['all'] },
    { name: 'reading', resources: ['catalog/product/media/info'] },
  ],
  users: [
    { ...OPERATOR, role: 'all' },
    { username: 'importer', apiKey: 'importerKey', role: 'reading' },
  ],
  products: [
    { id: 1, sku: 'teapot-blue', attributeSet: 4, websites: [1] },
    { id: 2, sku: 'teapot-green', attributeSet: 4, websites: [1] },
    { id: 3, sku: 'gift-card', attributeSet: 9, websites: [1] },
    { id: 4, sku: 'cup-small', attributeSet: 4, websites: [1] },
  ],
}

export function startShop(environment: NodeJS.ProcessEnv = DOUBLE): Promise<TestServer> {
  return startTestServer({ seed: JSON.stringify(SHOP), environment })
}

export const CONSOLE: NodeJS.ProcessEnv = { KEEPSAKE_MEMORY: 'true', KEEPSAKE_CONSOLE: 'true' }

/** A teapot from some side, as a drawing. */
export function teapot(hue: number, turn = 0): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">
    <rect width="400" height="400" fill="hsl(${hue} 25% 92%)"/>
    <g transform="rotate(${turn} 200 220)" fill="hsl(${hue} 45% 42%)">
      <ellipse cx="200" cy="240" rx="110" ry="85"/><path d="M295 220q55-60 65-60l8 14q-25 20-55 90z"/>
      <path d="M105 200q-70-10-60 45t75 35l-5-18q-45 12-50-22t42-22z"/>
      <path d="M130 160q70-35 140 0z"/><circle cx="200" cy="132" r="14"/></g></svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer()
}

/** Puts three images into the first product's gallery, and gives the first a German label. */
export async function fillGallery(url: string): Promise<void> {
  const images = [
    {
      name: 'front',
      label: 'From the front',
      types: ['image', 'small_image', 'thumbnail'],
      hue: 205,
      turn: 0,
    },
    { name: 'pouring', label: 'Pouring', hue: 205, turn: 22 },
    { name: 'lid', label: '', exclude: true, hue: 30, turn: -8 },
  ]
  for (const { hue, turn, ...image } of images)
    await control(url, 'POST', '/galleries/1/images', {
      ...image,
      mime: 'image/jpeg',
      content: (await teapot(hue, turn)).toString('base64'),
    })
}
