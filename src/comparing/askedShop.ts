import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { withRetries } from '../contract/retries'
import { packageRoot } from '../packageRoot'
import {
  type Answer,
  imagesIn,
  NotComparable,
  type Plain,
  type ShopAnswers,
  type ViewAnswers,
} from './answers'
import { bytesBehind, type MediaAddress, pathsOfShop, restListOf, type ShopPaths } from './fetched'
import type { Extent, Question } from './plan'
import { connect, type SoapClient } from './soapClient'

/** Which shop is asked, by whom, and how gently. */
export interface AskedShopOptions {
  /** The address of the WSDL of SOAP v1. */
  readonly wsdl: string
  readonly username: string
  readonly key: string
  /** How long to wait after each answer, in milliseconds. */
  readonly pauseMs: number
  readonly extent: Extent
  /** Where its images are: below an address of their own, or where the shop itself says. */
  readonly media: MediaAddress
}

const SESSION_EXPIRED = '5'
const ACCESS_DENIED = '2'
const PATIENCE = { attempts: 3, firstPause: 2000 }
const WSDL_MS = 60_000
/** Magento's WSDL imports this schema from a host of others; all shops have the same. */
const ENCODING_SCHEMA = path.join(packageRoot, 'wsdl', 'soap-encoding.xsd')

/** A shop that is asked over SOAP v1, as its clients do. */
export class AskedShop {
  #session: Promise<string>

  private constructor(
    private readonly client: SoapClient,
    private readonly paths: ShopPaths,
    private readonly options: AskedShopOptions,
    session: string,
  ) {
    this.#session = Promise.resolve(session)
  }

  /** Logs in. @throws NotComparable when the shop is not there, or lets this user not in */
  static async at(options: AskedShopOptions): Promise<AskedShop> {
    const { wsdl } = options
    const paths = pathsOfShop(wsdl)
    if (paths === null) throw new NotComparable(`${wsdl} is no http or https address of a WSDL`)
    const client = await connect(wsdl, {
      // The WSDL may name another address, such as the one that has moved to this server.
      endpoint: paths.soap,
      wsdl_options: { timeout: WSDL_MS, overrideImportLocation: schemaAt },
    }).catch((cause: unknown) => {
      throw new NotComparable(`${wsdl} answers no WSDL of SOAP v1: ${reasonOf(cause)}`, { cause })
    })
    return new AskedShop(client, paths, options, await login(client, options))
  }

  /** Returns what the shop answers to a question. @throws NotComparable when it does not answer at all */
  async answers(question: Question): Promise<ShopAnswers> {
    if ('set' in question)
      return { set: question.set, types: await this.#ask('product_media.types', [question.set]) }
    const { product, stores } = question
    const views: ViewAnswers[] = []
    for (const store of stores) views.push(await this.#view(product, store, store === stores[0]))
    if (!this.options.extent.bytes) return { product, views }
    const images = new Map(views.flatMap(({ list }) => imagesIn(list)).map((image) => [image.file, image]))
    const bytes = []
    for (const { file, url } of images.values())
      bytes.push([file, await this.#gently(() => bytesBehind(url, this.options.media))] as const)
    return { product, views, bytes: Object.fromEntries(bytes) }
  }

  /** @param asksInfos whether each image is asked for by itself; Magento answers of it what it answers in a list */
  async #view(product: string, store: string, asksInfos: boolean): Promise<ViewAnswers> {
    const list = await this.#ask('product_media.list', [product, store, 'id'])
    const infos = []
    for (const { file } of asksInfos ? imagesIn(list) : [])
      infos.push([file, await this.#ask('product_media.info', [product, file, store, 'id'])] as const)
    const info = asksInfos ? { info: Object.fromEntries(infos) } : {}
    if (!this.options.extent.rest) return { store, list, ...info }
    const rest = await this.#gently(() => restListOf(this.paths.base, product, store))
    return { store, list, ...info, rest }
  }

  /** Returns what a call answers. A fault is an answer too, but for one that says that the session is over. */
  async #ask(method: string, args: readonly Plain[]): Promise<Answer> {
    const session = this.#session
    const answer = await this.#call(await session, method, args)
    if (!('fault' in answer) || answer.fault !== SESSION_EXPIRED) return this.#allowed(answer)
    // Of the calls that find it so at once, the first logs in for all.
    if (this.#session === session) this.#session = login(this.client, this.options)
    return this.#allowed(await this.#call(await this.#session, method, args))
  }

  async #call(session: string, method: string, args: readonly Plain[]): Promise<Answer> {
    let failures = 0
    return this.#gently(async () => {
      try {
        return { value: await this.client.call(session, method, args) }
      } catch (thrown) {
        failures++
        const answer = answerIn(thrown)
        // A page of a gateway may be gone the next time. One that stays is what the shop answers.
        if (answer && ('fault' in answer || failures === PATIENCE.attempts)) return answer
        throw thrown
      }
    })
  }

  #allowed(answer: Answer): Answer {
    const { username, wsdl } = this.options
    if ('fault' in answer && answer.fault === ACCESS_DENIED)
      throw new NotComparable(`${username} may not read the images of products at ${wsdl}: ${answer.message}`)
    return answer
  }

  /** Asks again where nothing came back, and pauses afterwards. */
  async #gently<T>(work: () => Promise<T>): Promise<T> {
    const { wsdl, pauseMs } = this.options
    try {
      return await withRetries(PATIENCE, () => true, work)
    } catch (cause) {
      throw new NotComparable(`the shop at ${wsdl} answers no more: ${reasonOf(cause)}`, { cause })
    } finally {
      if (pauseMs > 0) await sleep(pauseMs)
    }
  }
}

async function login(client: SoapClient, { username, key, wsdl }: AskedShopOptions): Promise<string> {
  try {
    return await client.login(username, key)
  } catch (cause) {
    const answer = answerIn(cause)
    const reason = answer === null ? reasonOf(cause) : 'fault' in answer ? answer.message : answer.failure
    throw new NotComparable(`${username} cannot log in at ${wsdl}: ${reason}`, { cause })
  }
}

function schemaAt(location: string): string {
  return /schemas\.xmlsoap\.org\/soap\/encoding|[?&]xsd=soap-encoding/.test(location)
    ? ENCODING_SCHEMA
    : location
}

const text = z.union([
  z.string(),
  z.object({ $value: z.coerce.string() }).transform(({ $value }) => $value),
  z.undefined().transform(() => ''),
])

const thrownFault = z.object({
  root: z.object({
    Envelope: z.object({ Body: z.object({ Fault: z.object({ faultcode: text, faultstring: text }) }) }),
  }),
})

const thrownStatus = z.object({ response: z.object({ status: z.number() }) })

/** Returns the fault that the client has thrown, or the status of an answer that is not SOAP; null where nothing came back. */
function answerIn(thrown: unknown): Exclude<Answer, { value: Plain }> | null {
  const fault = thrownFault.safeParse(thrown).data?.root.Envelope.Body.Fault
  if (fault) return { fault: fault.faultcode, message: fault.faultstring }
  const answered = thrownStatus.safeParse(thrown).data?.response
  return answered ? { failure: `no SOAP, with status ${answered.status}` } : null
}

/** Says in a line what has been thrown. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ')
  if (!(thrown instanceof Error)) return String(thrown)
  const [reason = ''] = thrown.message.split('\n')
  const cause = thrown.cause === undefined ? reason : reasonOf(thrown.cause)
  return cause === '' || reason.includes(cause) ? reason : `${reason} (${cause})`
}
