import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Changes, GalleryModel, type ShownImage } from '../../property/galleryModel'
import { send } from '../../support/http'
import { callEnvelope, element, type Plain, postSoap, returned } from '../../support/soap'

/** The default scope, and the store views of the shop. */
const SCOPES = [0, 1, 2]
const NAMES = ['image', 'photo', 'dup_1']
const TYPES = ['image', 'small_image', 'thumbnail']
const FULL_GALLERY = 6

type Operation =
  | { readonly kind: 'create'; readonly scope: number; readonly picture: Buffer; readonly changes: Changes }
  | {
      readonly kind: 'update'
      readonly scope: number
      readonly file: string
      readonly picture: Buffer | null
      readonly changes: Changes
    }
  | { readonly kind: 'remove'; readonly file: string }

/** A gallery as clients see it in each scope, and the SHA-256 of each file that it shows. */
interface Seen {
  readonly views: readonly (readonly ShownImage[])[]
  readonly hashes: Readonly<Record<string, string>>
}

/** The server answered a call with a fault: no crash excuses that. */
export class UnexpectedFault extends Error {}

/**
 * A client with a product of its own and a journal of it: a model to which every acknowledged call is done, and the
 * one call that is in flight.
 */
export class Shopper {
  readonly #model = new GalleryModel(SCOPES)
  /** The SHA-256 of every file that the gallery has. */
  readonly #hashes = new Map<string, string>()
  readonly #created: string[] = []
  #inFlight: Operation | null = null
  #labels = 0
  #acknowledged = 0
  /** Calls that were in flight at a kill and turned out to be done. */
  #doneUnheard = 0

  constructor(
    private readonly sku: string,
    private readonly session: string,
    private readonly pictures: readonly Buffer[],
  ) {}

  get acknowledged(): number {
    return this.#acknowledged
  }

  get doneUnheard(): number {
    return this.#doneUnheard
  }

  /** Every path that it ever got, removed or not. */
  get created(): readonly string[] {
    return this.#created
  }

  /** Calls without a pause until the server is gone. */
  async work(url: string): Promise<void> {
    for (;;) {
      const operation = this.#next()
      this.#inFlight = operation
      let answer: Plain
      try {
        answer = await this.#send(url, operation)
      } catch (thrown) {
        if (thrown instanceof UnexpectedFault) throw thrown
        return
      }
      this.#apply(operation, String(answer))
      this.#inFlight = null
      this.#acknowledged++
    }
  }

  /**
   * Checks that the server shows all that was acknowledged, and of the call in flight everything or nothing; then goes
   * on from there.
   */
  async settle(url: string): Promise<void> {
    const operation = this.#inFlight
    this.#inFlight = null
    const seen = await this.#see(url)
    if (operation && !isSame(seen, this.#expected())) {
      this.#apply(operation, operation.kind === 'create' ? this.#newFile(seen) : '')
      this.#doneUnheard++
    }
    expect(seen).toEqual(this.#expected())
    // A removal that leaves the image, since a store view shows it, cannot be seen: repeated, it has been done for sure.
    if (operation?.kind !== 'remove' || !this.#model.has(operation.file)) return
    await this.#send(url, operation)
    this.#apply(operation, '')
    expect(await this.#see(url)).toEqual(this.#expected())
  }

  #next(): Operation {
    const files = [...this.#hashes.keys()]
    const file = any(files)
    const scope = any(SCOPES) ?? 0
    if (file !== undefined && (files.length > FULL_GALLERY || Math.random() < 0.15))
      return { kind: 'remove', file }
    if (file === undefined || Math.random() < 0.45)
      return { kind: 'create', scope, picture: this.#picture(), changes: this.#changes() }
    const picture = Math.random() < 0.5 ? this.#picture() : null
    return { kind: 'update', scope, file, picture, changes: this.#changes() }
  }

  #picture(): Buffer {
    return any(this.pictures) ?? Buffer.alloc(0)
  }

  /** The label is one that no other call gives, so that each call can be told from what was before. */
  #changes(): Changes {
    this.#labels++
    const types = Math.random() < 0.5 ? TYPES.filter(() => Math.random() < 0.4) : null
    const position = Math.random() < 0.3 ? Math.floor(Math.random() * 10) : null
    return { label: `${this.sku} ${this.#labels}`, position, exclude: null, types }
  }

  async #send(url: string, operation: Operation): Promise<Plain> {
    if (operation.kind === 'remove') return this.#call(url, 'remove', [this.sku, operation.file])
    const { scope, picture, changes } = operation
    const file = picture && {
      name: any(NAMES) ?? '',
      mime: 'image/jpeg',
      content: picture.toString('base64'),
    }
    const data = { ...(file && { file }), ...changes }
    return operation.kind === 'create'
      ? this.#call(url, 'create', [this.sku, data, scope])
      : this.#call(url, 'update', [this.sku, operation.file, data, scope])
  }

  async #call(url: string, method: string, args: readonly Plain[]): Promise<Plain> {
    const answer = await postSoap(
      url,
      callEnvelope(this.session, `product_media.${method}`, element('args', args)),
    )
    try {
      return returned(answer)
    } catch (thrown) {
      throw new UnexpectedFault(`${method} ${args[0]}: ${(thrown as Error).message}`, { cause: thrown })
    }
  }

  #apply(operation: Operation, createdFile: string): void {
    if (operation.kind === 'remove') {
      this.#model.remove(0, operation.file)
      if (!this.#model.has(operation.file)) this.#hashes.delete(operation.file)
      return
    }
    const { kind, scope, picture, changes } = operation
    const file = kind === 'create' ? createdFile : operation.file
    if (kind === 'create') {
      this.#model.create(scope, file, changes)
      this.#created.push(file)
    } else this.#model.update(scope, file, changes)
    if (picture) this.#hashes.set(file, sha256(picture))
  }

  #expected(): Seen {
    return {
      views: SCOPES.map((scope) => this.#model.list(scope)),
      hashes: Object.fromEntries(this.#hashes),
    }
  }

  async #see(url: string): Promise<Seen> {
    const views = await Promise.all(
      SCOPES.map(async (scope) => {
        const list = (await this.#call(url, 'list', [this.sku, scope])) as unknown as (ShownImage & {
          url: string
        })[]
        return list.map(({ url: _url, ...shown }) => shown)
      }),
    )
    const files = views[0]?.map(({ file }) => file) ?? []
    const hashes = await Promise.all(files.map(async (file) => [file, await servedHash(url, file)] as const))
    return { views, hashes: Object.fromEntries(hashes) }
  }

  #newFile({ hashes }: Seen): string {
    const added = Object.keys(hashes).filter((file) => !this.#hashes.has(file))
    expect(added).toHaveLength(1)
    return String(added[0])
  }
}

/**
 * Looks at resized images of the shoppers, which makes them, until the server is gone. Before there is an image it asks
 * for one that nobody has, which tells as well whether the server is there.
 */
export async function browse(url: string, shoppers: readonly Shopper[], preset: string): Promise<void> {
  for (;;) {
    const file = any(shoppers.flatMap(({ created }) => created.slice(-FULL_GALLERY)))
    try {
      await send(url, { path: `/media/catalog/product/cache/${preset}${file ?? '/n/o/nobodys.jpg'}` })
      if (file === undefined) await sleep(10)
    } catch {
      return
    }
  }
}

async function servedHash(url: string, file: string): Promise<string> {
  const { status, body } = await send(url, { path: `/media/catalog/product${file}` })
  return status === 200 ? sha256(body) : `status ${status}`
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function isSame(one: Seen, other: Seen): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted({ views, hashes }: Seen): unknown {
  const fields = (image: ShownImage) => [image.file, image.label, image.position, image.exclude, image.types]
  return [views.map((view) => view.map(fields)), Object.entries(hashes).sort()]
}

function any<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(Math.random() * items.length)]
}
