import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pLimit from 'p-limit'
import { type Answer, NotComparable, type RecordedProduct, type Recording } from './recording'
import { connect, type Plain, type SoapClient } from './soapClient'

/** Who asks, and how gently. */
export interface AskingOptions {
  /** The address of the WSDL of SOAP v1. */
  readonly wsdl: string
  readonly username: string
  readonly key: string
  /** How many questions are under way at once. */
  readonly concurrency: number
  /** How long to wait after each answer, in milliseconds. */
  readonly pauseMs: number
  /** Whether the bytes behind each URL are read. */
  readonly readsBytes: boolean
  /** Called for each product that is done. */
  readonly onProduct: () => void
}

/** What to ask: ids of products and attribute sets, and codes of store views. */
export interface Questions {
  readonly products: readonly string[]
  readonly stores: readonly string[]
  readonly sets: readonly string[]
}

const SESSION_EXPIRED = '5'
const BYTES_MS = 60_000

/** Asks a shop all questions over SOAP, and returns its answers. @throws NotComparable when it cannot be asked */
export async function askShop(
  { products, stores, sets }: Questions,
  options: AskingOptions,
): Promise<Recording> {
  const shop = await AskedShop.at(options)
  const limit = pLimit(options.concurrency)
  const types: Record<string, { types: Answer }> = {}
  for (const set of sets) types[set] = { types: await shop.ask('product_media.types', [set]) }
  const answers = await Promise.all(
    products.map((id) =>
      limit(async () => {
        const answer = await shop.product(id, stores)
        options.onProduct()
        return [id, answer] as const
      }),
    ),
  )
  return { base: baseOf(options), types, products: Object.fromEntries(answers) }
}

class AskedShop {
  #session: Promise<string>

  private constructor(
    private readonly client: SoapClient,
    private readonly options: AskingOptions,
  ) {
    this.#session = this.#login()
  }

  static async at(options: AskingOptions): Promise<AskedShop> {
    const client = await connect(options.wsdl).catch((cause: unknown) => {
      throw new NotComparable(`the shop cannot be asked at ${options.wsdl}: ${reasonOf(cause)}`, { cause })
    })
    const shop = new AskedShop(client, options)
    await shop.#session
    return shop
  }

  async product(id: string, stores: readonly string[]): Promise<RecordedProduct> {
    const list: Record<string, Answer> = {}
    for (const store of stores) list[store] = await this.ask('product_media.list', [id, store, 'id'])
    const images = imagesIn(list[stores[0] ?? ''])
    const [first] = images
    const info = first && (await this.ask('product_media.info', [id, first.file, stores[0] ?? null, 'id']))
    if (!this.options.readsBytes) return { list, ...(first && { info }) }
    const bytes: Record<string, string> = {}
    for (const { file, url } of images) bytes[file] = await hashBehind(url)
    return { list, ...(first && { info }), bytes }
  }

  /** Returns what a call answers; a fault is an answer, too. */
  async ask(path: string, args: readonly Plain[]): Promise<Answer> {
    const session = this.#session
    const answer = await this.#call(await session, path, args)
    if (!isFault(answer) || answer.fault !== SESSION_EXPIRED) return answer
    if (this.#session === session) this.#session = this.#login()
    return this.#call(await this.#session, path, args)
  }

  async #call(session: string, path: string, args: readonly Plain[]): Promise<Answer> {
    try {
      return await this.client.call(session, path, args)
    } catch (thrown) {
      const fault = faultIn(thrown)
      if (!fault) throw new NotComparable(`the shop has not answered: ${reasonOf(thrown)}`, { cause: thrown })
      return fault
    } finally {
      if (this.options.pauseMs > 0) await pause(this.options.pauseMs)
    }
  }

  async #login(): Promise<string> {
    const { username, key, wsdl } = this.options
    try {
      return await this.client.login(username, key)
    } catch (cause) {
      const fault = faultIn(cause)
      throw new NotComparable(
        `${username} cannot log in at ${wsdl}: ${fault ? fault.message : reasonOf(cause)}`,
        { cause },
      )
    }
  }
}

/** Returns what the URLs of a shop begin with: its address up to where the API is. */
function baseOf({ wsdl }: AskingOptions): string {
  return wsdl.replace(/\/(?:index\.php\/)?api(?:\.php|\/).*$/s, '')
}

interface FaultAnswer {
  readonly fault: string
  readonly message: string
}

function isFault(answer: Answer): answer is FaultAnswer {
  return typeof answer === 'object' && answer !== null && 'fault' in answer
}

/** Returns the fault of the shop that the client has thrown; null for any other failure. */
function faultIn(thrown: unknown): FaultAnswer | null {
  if (typeof thrown !== 'object' || thrown === null || !('root' in thrown)) return null
  const text = JSON.stringify(thrown.root)
  const code = /"faultcode":(?:"([^"]*)"|\{[^}]*"\$value":"([^"]*)"\})/.exec(text)
  const message = /"faultstring":(?:"((?:[^"\\]|\\.)*)"|\{[^}]*"\$value":"((?:[^"\\]|\\.)*)"\})/.exec(text)
  if (!code) return null
  return {
    fault: code[1] ?? code[2] ?? '',
    message: JSON.parse(`"${message?.[1] ?? message?.[2] ?? ''}"`),
  }
}

interface ListedImage {
  readonly file: string
  readonly url: string
}

function imagesIn(list: Answer): readonly ListedImage[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((image: unknown) => {
    const { file, url } = image as { file?: unknown; url?: unknown }
    return typeof file === 'string' && typeof url === 'string' ? [{ file, url }] : []
  })
}

/** Returns the SHA-256 of the bytes behind a URL; '' when there are none. */
async function hashBehind(url: string): Promise<string> {
  try {
    const answer = await fetch(encodeURI(url), { signal: AbortSignal.timeout(BYTES_MS) })
    if (!answer.ok) return ''
    return createHash('sha256')
      .update(Buffer.from(await answer.arrayBuffer()))
      .digest('hex')
  } catch {
    return ''
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ')
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return reason.split('\n')[0] ?? ''
}
