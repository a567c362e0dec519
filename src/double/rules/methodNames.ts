import { IMAGE_OPERATION_NAMES, IMAGE_RESOURCE } from '../../catalog/rest/imageOperations'
import type { ResourceDescription } from '../../contract/method'

/**
 * The names that a rule may use for a method, and the paths that each name means. A method's name alone, or
 * after the name or an alias of its resource, means the method in every dialect; `product_images.create`
 * means only REST's. Case, dots and underscores do not count, so SOAP v2's
 * `catalogProductAttributeMediaCreate` is such a name too.
 */
export class MethodNames {
  readonly #paths = new Map<string, Set<string>>()

  /** @param operations the names of the operations that can be intercepted, such as `login` */
  constructor(resources: readonly ResourceDescription[], operations: readonly string[]) {
    for (const operation of operations) this.#add(operation, operation)
    for (const name of IMAGE_OPERATION_NAMES)
      this.#add(`${IMAGE_RESOURCE}.${name}`, `${IMAGE_RESOURCE}.${name}`)
    for (const { name: resource, aliases, methods } of resources)
      for (const method of methods.keys())
        for (const name of [method, ...[resource, ...aliases].map((own) => `${own}.${method}`)]) {
          this.#add(name, `${resource}.${method}`)
          if (IMAGE_OPERATION_NAMES.includes(method)) this.#add(name, `${IMAGE_RESOURCE}.${method}`)
        }
  }

  has(name: string): boolean {
    return this.#paths.has(squashed(name))
  }

  /**
   * Whether a call with this path is one of the named method; without a name, whether it is one of any
   * resource's method.
   */
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
