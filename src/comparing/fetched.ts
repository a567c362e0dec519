import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Answer, type Bytes, imagesIn, type ShopAnswers } from './answers'

/** Where the images of a shop are: its folder `media`, or null where the shop's own URLs are taken. */
export type MediaAddress = string | null

const FETCH_MS = 120_000

/** The addresses of a shop. */
export interface ShopPaths {
  /** Its own, without a slash at the end. */
  readonly base: string
  /** Where calls of SOAP are sent. */
  readonly soap: string
}

/** Returns the addresses of the shop that has its WSDL there; null for what is no http or https address. */
export function pathsOfShop(wsdl: string): ShopPaths | null {
  const url = URL.canParse(wsdl) ? new URL(wsdl) : null
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  const [address = '', query = ''] = wsdl.split('?')
  const others = query.split('&').filter((part) => part !== '' && !/^wsdl(?:=|$)/i.test(part))
  const folder = url.pathname.replace(/(?:\/index\.php(?:\/[^/]+)?)?\/api(?:\.php|\/.*)?$/s, '')
  return {
    base: `${url.origin}${folder.replace(/\/+$/, '')}`,
    soap: others.length === 0 ? address : `${address}?${others.join('&')}`,
  }
}

/** Returns the host of an image's URL that is another than this one; null when there is none. */
export function otherHostIn(answers: ShopAnswers, host: string): string | null {
  const lists = 'product' in answers ? answers.views.map(({ list }) => list) : []
  const hosts = lists
    .flatMap((list) => imagesIn(list))
    .flatMap(({ url }) => (URL.canParse(url) ? new URL(url).host : []))
  return hosts.find((other) => other !== host) ?? null
}

/** Returns the size and the SHA-256 of the bytes behind a URL. Throws when nothing comes back. */
export async function bytesBehind(url: string, media: MediaAddress): Promise<Bytes> {
  const answer = await fetch(addressOf(url, media), { signal: AbortSignal.timeout(FETCH_MS) })
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel()
    return { failure: `status ${answer.status}` }
  }
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of answer.body) {
    hash.update(piece)
    size += piece.length
  }
  return { sha256: hash.digest('hex'), size }
}

/** Returns the address of a URL that a shop has written: it escapes nothing in the names of files. */
function addressOf(url: string, media: MediaAddress): string {
  const [, told = '', file] = /^(.*?)\/catalog\/product(\/.*)$/s.exec(url) ?? []
  if (file === undefined) return encodeURI(url)
  return `${media ?? told}/catalog/product${file.split('/').map(encodeURIComponent).join('/')}`
}

const refusal = z.object({
  messages: z.object({ error: z.tuple([z.object({ code: z.number(), message: z.string() })]) }),
})

/** Returns what REST lists to a guest in a store view. Throws when nothing comes back. */
export async function restListOf(base: string, product: string, store: string): Promise<Answer> {
  const url = `${base}/api/rest/products/${product}/images/store/${encodeURIComponent(store)}`
  const answer = await fetch(url, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(FETCH_MS),
  })
  const value = z.json().safeParse(jsonIn(await answer.text())).data
  if (answer.ok && value !== undefined) return { value }
  const error = refusal.safeParse(value).data?.messages.error[0]
  return error
    ? { fault: String(error.code), message: error.message }
    : { failure: `no JSON of REST, with status ${answer.status}` }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
