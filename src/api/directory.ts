import type { Method, Resource } from '../contract/method'

/** The resources of this server, by name and alias. */
export class Directory {
  readonly #byName = new Map<string, Resource>()

  constructor(readonly resources: readonly Resource[]) {
    for (const resource of resources) {
      for (const name of [resource.name, ...resource.aliases]) this.#byName.set(name, resource)
    }
  }

  resource(name: string): Resource | null {
    return this.#byName.get(name) ?? null
  }

  /**
   * Finds the method of a path `resource.method`, case-sensitively. Anything after a second dot is ignored.
   */
  resolve(
    path: string,
  ): { readonly resource: Resource; readonly method: Method; readonly name: string } | null {
    const [resourceName = '', methodName = ''] = path.split('.', 2)
    const resource = this.resource(resourceName)
    const method = resource?.methods.get(methodName)
    return resource && method ? { resource, method, name: methodName } : null
  }
}
