import type { FaultTable } from './fault'
import type { Reader } from './readers'
import type { RequestContext } from './request'
import type { Value } from './value'

/** A resource method as every dialect sees it: named parameters in order, and positional values to call it with. */
export interface Method {
  readonly title: string
  readonly parameters: readonly string[]
  /** The access rule that the caller's role must hold, besides the resource's; null for none. */
  readonly acl: string | null
  /** Missing arguments count as null; extra ones are ignored. */
  call(args: readonly Value[], request: RequestContext): Promise<Value>
}

/** A resource: what `resources` lists, and what the first half of a path such as `product_media.list` names. */
export interface Resource {
  readonly name: string
  readonly title: string
  readonly aliases: readonly string[]
  readonly acl: string
  readonly methods: ReadonlyMap<string, Method>
  readonly faults: FaultTable
}

export type Readers = Readonly<Record<string, Reader<unknown>>>
export type Read<R extends Readers> = { readonly [Name in keyof R]: ReturnType<R[Name]> }

/** Describes a method once: an ordered record of readers, and the function that takes what they read. */
export function method<R extends Readers>(description: {
  readonly title: string
  readonly parameters: R
  readonly acl?: string
  run(args: Read<R>, request: RequestContext): Promise<Value>
}): Method {
  const readers = Object.entries(description.parameters)
  return {
    title: description.title,
    parameters: readers.map(([name]) => name),
    acl: description.acl ?? null,
    call(args, request) {
      const read = readers.map(([name, reader], position) => [name, reader(args[position] ?? null)])
      return description.run(Object.fromEntries(read) as Read<R>, request)
    },
  }
}
