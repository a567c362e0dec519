import type { ResourceDescription } from '../../contract/method'

/** REST's own name of product images, and what it can do with them, in the words of `wire/rest/handle.ts`. */
const REST = { name: 'product_images', methods: ['list', 'info', 'create', 'update', 'remove'] } as const

/**
 * What a rule may call a method, and the paths that it then means. A method's name alone, or behind the name or an alias
 * of its resource, means the method in every dialect; `product_images.create` means REST's alone. Since case, dots and
 * underscores do not count, SOAP v2's `catalogProductAttributeMediaCreate` is such a name too.
 */
export class MethodNames {
  readonly #paths = new Map<string, Set<string>>()

  /** @param operations the names of those that can be intercepted, such as `login` */
  constructor(resources: readonly ResourceDescription[], operations: readonly string[]) {
    for (const operation of operations) this.#add(operation, operation)
    for (const method of REST.methods) this.#add(`${REST.name}.${method}`, `${REST.name}.${method}`)
    for (const { name: resource, aliases, methods } of resources)
      for (const method of methods.keys())
        for (const name of [method, ...[resource, ...aliases].map((own) => `${own}.${method}`)]) {
          this.#add(name, `${resource}.${method}`)
          if (REST.methods.some((known) => known === method)) this.#add(name, `${REST.name}.${method}`)
        }
  }

  has(name: string): boolean {
    return this.#paths.has(squashed(name))
  }

  /** Whether a call of this path is one of the method with this name; without a name, of any resource's method. */
  means(name: string | undefined, path: string): boolean {
    return name === undefined ? path.includes('.') : this.#paths.get(squashed(name))?.has(path) === true
  }

  #add(name: string, path: string): void {
    const key = squashed(name)
    this.#paths.set(key, (this.#paths.get(key) ?? new Set()).add(path))
  }
}

function squashed(name: string): string {
  return name.replace(/[._]/g, '').toLowerCase()
}
