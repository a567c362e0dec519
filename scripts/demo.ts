import { inspect } from 'node:util'
import pino from 'pino'
import sharp from 'sharp'
import type { Plain } from '../src/comparing/answers'
import { connect } from '../src/comparing/soapClient'
import { serve } from '../src/server/serve'
import { openStorage } from '../src/server/storage'
import { readSettings } from '../src/settings/settings'
import { type FirstUser, prepareFirstRun } from '../src/store/shop/firstRun'

/** Runs the first example of Magento's documentation against a temporary server, and prints the answer to each step. */
async function main(): Promise<void> {
  const settings = readSettings({}, { KEEPSAKE_MEMORY: 'true', KEEPSAKE_PORT: '0' })
  const log = pino({ level: 'silent' })
  const storage = await openStorage(settings, log, () => {})
  try {
    const user = await prepareFirstRun(storage.database)
    if (!user) throw new Error('the new database has a user already')
    const server = await serve(storage, settings, log)
    try {
      await play(`http://127.0.0.1:${server.port}/api/soap/?wsdl`, user)
    } finally {
      await server.stop()
    }
  } finally {
    await storage.close()
  }
  print(FAREWELL)
}

async function play(wsdl: string, { username, apiKey }: FirstUser): Promise<void> {
  print(`A throw-away server is up, with one product, whose SKU is 'Sku'.
A SOAP client reads ${wsdl}`)
  const client = await connect(wsdl)

  tell('1. Log in', `login(${shown(username)}, ${shown(apiKey)})`)
  const session = await client.login(username, apiKey)
  tellAnswer(session, 'the session of the calls below')

  const call = async (title: string, path: string, args: Plain) => {
    tell(title, `call(session, ${shown(path)}, ${shown(args)})`)
    const answer = await client.call(session, path, args)
    tellAnswer(answer)
    return answer
  }
  const image = {
    file: {
      name: 'file_name',
      content: (await productPhoto()).toString('base64'),
      mime: 'image/jpeg',
    },
    label: 'Cool Image Through Soap',
    position: 2,
    types: ['small_image'],
    exclude: 0,
  }
  const file = await call('2. Create an image', 'product_media.create', ['Sku', image])
  await call('3. See the newly created image', 'product_media.list', 'Sku')
  const changes = { position: 2, types: ['image'] }
  await call('4. Make it the main image of the product', 'product_media.update', ['Sku', file, changes])
  await call('5. See the updated image', 'product_media.list', 'Sku')
  await call('6. Remove the image', 'product_media.remove', ['Sku', file])
  await call('7. See the images without it', 'product_media.list', 'Sku')
}

const FAREWELL = `
That was the example of Magento's documentation, and the server is gone with all that it had.
To serve for real, with a database and images that stay: npm start
It prints the URL for your scripts, an API key, and a first script to paste.`

function productPhoto(): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 30, channels: 3, background: '#c30' } })
    .jpeg()
    .toBuffer()
}

function tell(title: string, call: string): void {
  print(`\n${title}\n   ${call}`)
}

function tellAnswer(answer: Plain, remark = ''): void {
  print(`   → ${shown(answer)}${remark && `, ${remark}`}`)
}

/** Returns a value as a programmer would write it. Long texts are cut. */
function shown(value: Plain): string {
  return inspect(value, { depth: null, maxStringLength: 64, breakLength: 100 }).replaceAll('\n', '\n   ')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
