/**
 * What a product's gallery is for a client, kept in plain maps: what the server does with rows must come to the same.
 * Every value stands in a scope: the default scope 0, to which each store view falls back field by field.
 */
export class GalleryModel {
  readonly #images: ModelImage[] = []
  /** By scope and type: the image that is shown, or `none`. */
  readonly #types = new Map<number, Map<string, ModelImage | 'none'>>()

  /** @param scopes the default scope, and the store views of the product's websites */
  constructor(private readonly scopes: readonly number[]) {}

  has(file: string): boolean {
    return this.#images.some((image) => image.file === file)
  }

  /** Ordered by position, the unset first, ties by insertion. */
  list(scope: number): readonly ShownImage[] {
    const place = (image: ModelImage) => effective(image, scope, 'position') ?? -1
    return [...this.#images]
      .sort((one, other) => place(one) - place(other))
      .map((image) => this.#shown(image, scope))
  }

  info(scope: number, file: string): ShownImage {
    return this.#shown(this.#image(file), scope)
  }

  /** The new image has values in this scope alone; the rest of the gallery is pinned there. */
  create(scope: number, file: string, { label, position, exclude, types }: Changes): void {
    const highest = Math.max(0, ...this.#images.map((image) => effective(image, scope, 'position') ?? 0))
    this.#pin(scope)
    const values: ModelValues = {
      label: label || null,
      position: Math.min(position ?? highest + 1, HIGHEST_POSITION),
      exclude: exclude ?? 1,
    }
    const image = { file, values: new Map([[scope, values]]) }
    this.#images.push(image)
    for (const type of typesGiven(types)) this.#ownTypes(scope).set(type, image)
  }

  /** A list of types names all that the image is to have; anything else names none. */
  update(scope: number, file: string, { label, position, exclude, types }: Changes): void {
    const image = this.#image(file)
    this.#pin(scope)
    const values = image.values.get(scope)
    // An empty label is none, so that the default one shows.
    if (values && label !== null) values.label = label || null
    if (values && position !== null) values.position = position
    if (values && exclude !== null) values.exclude = exclude
    if (!Array.isArray(types)) return
    this.#clearTypes(scope, image)
    for (const type of typesGiven(types)) this.#ownTypes(scope).set(type, image)
  }

  /** An image that another scope still shows loses its types here, and stays as it is. */
  remove(scope: number, file: string): void {
    const image = this.#image(file)
    this.#pin(scope, image)
    this.#clearTypes(scope, image)
    const isUsed = this.scopes.some(
      (other) => other !== scope && [...this.#ownTypes(other).values()].includes(image),
    )
    if (!isUsed) this.#images.splice(this.#images.indexOf(image), 1)
  }

  /** What shows in the scope becomes its own: later changes in the default scope no longer show. */
  #pin(scope: number, besides?: ModelImage): void {
    for (const image of this.#images) {
      if (image === besides) continue
      image.values.set(scope, {
        label: effective(image, scope, 'label') || null,
        position: effective(image, scope, 'position') ?? 0,
        exclude: effective(image, scope, 'exclude') ?? 0,
      })
    }
    for (const type of TYPES) {
      const shown = this.#effectiveType(scope, type)
      if (shown !== undefined) this.#ownTypes(scope).set(type, shown)
    }
  }

  #clearTypes(scope: number, image: ModelImage): void {
    for (const type of TYPES) {
      if (this.#effectiveType(scope, type) === image) this.#ownTypes(scope).set(type, 'none')
    }
  }

  #shown(image: ModelImage, scope: number): ShownImage {
    return {
      file: image.file,
      label: effective(image, scope, 'label') ?? '',
      position: String(effective(image, scope, 'position') ?? ''),
      exclude: String(effective(image, scope, 'exclude') ?? ''),
      types: TYPES.filter((type) => this.#effectiveType(scope, type) === image),
    }
  }

  #effectiveType(scope: number, type: string): ModelImage | 'none' | undefined {
    return this.#ownTypes(scope).get(type) ?? this.#ownTypes(0).get(type)
  }

  #ownTypes(scope: number): Map<string, ModelImage | 'none'> {
    const own = this.#types.get(scope) ?? new Map<string, ModelImage | 'none'>()
    this.#types.set(scope, own)
    return own
  }

  #image(file: string): ModelImage {
    const image = this.#images.find((candidate) => candidate.file === file)
    if (!image) throw new Error(`the model has no image ${file}`)
    return image
  }
}

/** An image as a client reads it. */
export interface ShownImage {
  readonly file: string
  readonly label: string
  readonly position: string
  readonly exclude: string
  readonly types: readonly string[]
}

/** What a call gives; null for what it leaves alone. */
export interface Changes {
  readonly label: string | null
  readonly position: number | null
  readonly exclude: number | null
  readonly types: readonly string[] | string | null
}

/** Hands out file names as the server does: a taken name is counted on, and stays taken for good. */
export class NameModel {
  readonly #taken = new Set<string>()

  claim(base: string, extension: string): string {
    for (let count = 0; ; count++) {
      const name = `${base}${count === 0 ? '' : `_${count}`}.${extension}`
      if (this.#taken.has(name)) continue
      this.#taken.add(name)
      return `/${name[0]}/${name[1]}/${name}`
    }
  }
}

const TYPES: readonly string[] = ['image', 'small_image', 'thumbnail']
const HIGHEST_POSITION = 4294967295

interface ModelImage {
  readonly file: string
  readonly values: Map<number, ModelValues>
}

interface ModelValues {
  label: string | null
  position: number
  exclude: number
}

function effective<Field extends keyof ModelValues>(
  { values }: ModelImage,
  scope: number,
  field: Field,
): ModelValues[Field] | undefined {
  return values.get(scope)?.[field] ?? values.get(0)?.[field]
}

function typesGiven(types: Changes['types']): readonly string[] {
  const given = typeof types === 'string' ? [types] : (types ?? [])
  return TYPES.filter((type) => given.includes(type))
}
