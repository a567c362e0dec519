import type { FaultTable } from './fault'
import type { Reader } from './readers'
import type { RequestContext } from './request'
import type { Value } from './value'

/** The static description of a resource's method. */
export interface MethodDescription {
  readonly title: string
  /** The names of its arguments, in the order of the positional values. */
  readonly parameters: readonly string[]
  /** How many of them Magento's method declares without a default; WS-I alone insists on them (magento.md §6.8). */
  readonly fewest: number
  /** The access rule that the caller's role must hold, besides the resource's; null for none. */
  readonly acl: string | null
}

/**
 * A resource method, the same for every dialect: its parameters have names and an order, and it is called
 * with positional values.
 */
export interface Method extends MethodDescription {
  /** Calls the method. Missing arguments count as null; extra ones are ignored. */
  call(args: readonly Value[], request: RequestContext): Promise<Value>
}

/** The static description of a resource. */
export interface ResourceDescription {
  readonly name: string
  readonly title: string
  readonly aliases: readonly string[]
  readonly acl: string
  readonly methods: ReadonlyMap<string, MethodDescription>
  readonly faults: FaultTable
}

/** A resource: `resources` lists it, and it is the first half of a path such as `product_media.list`. */
export interface Resource extends ResourceDescription {
  readonly methods: ReadonlyMap<string, Method>
}

export type Readers = Readonly<Record<string, Reader<unknown>>>
export type Read<R extends Readers> = { readonly [Name in keyof R]: ReturnType<R[Name]> }

/**
 * A method's entry in the table of its resource: its title, ordered records of the readers of its arguments, first of those
 * that must be given and then of those that may be left out, and its access rule.
 */
export interface MethodEntry {
  readonly title: string
  readonly parameters: Readers
  readonly optional?: Readers
  readonly acl?: string
}

/** What the readers of an entry return, by the names of its arguments. */
type ReadArguments<Entry extends MethodEntry> = Read<Entry['parameters']> & Read<OptionalOf<Entry>>

type OptionalOf<Entry extends MethodEntry> = Entry['optional'] extends Readers
  ? Entry['optional']
  : Readonly<Record<never, Reader<unknown>>>

export type MethodTable = Readonly<Record<string, MethodEntry>>

/**
 * The functions that make a table of methods a resource: one for each entry, which takes what the readers of
 * the entry return.
 */
export type MethodFunctions<Table extends MethodTable> = {
  readonly [Name in keyof Table]: (
    args: ReadArguments<Table[Name]>,
    request: RequestContext,
  ) => Promise<Value>
}

/**
 * The description of a resource, with the table that it was made from. {@link boundResource} checks the
 * functions by it.
 */
export interface DescribedResource<Table extends MethodTable> extends ResourceDescription {
  readonly table: Table
}

/** Describes a resource by a table of its methods, in the order in which clients see them. */
export function describedResource<const Table extends MethodTable>(
  resource: Omit<ResourceDescription, 'methods'>,
  table: Table,
): DescribedResource<Table> {
  const methods = Object.entries(table).map(([name, entry]) => [name, describedMethod(entry)] as const)
  return { ...resource, methods: new Map(methods), table }
}

function describedMethod(entry: MethodEntry): MethodDescription {
  const { title, parameters, acl } = entry
  return {
    title,
    parameters: Object.keys(readersOf(entry)),
    fewest: Object.keys(parameters).length,
    acl: acl ?? null,
  }
}

function readersOf({ parameters, optional }: MethodEntry): Readers {
  return { ...parameters, ...optional }
}

/** Returns the resource whose methods run these functions. A method without a function does not compile. */
export function boundResource<Table extends MethodTable>(
  { table, ...described }: DescribedResource<Table>,
  functions: MethodFunctions<Table>,
): Resource {
  const entries = Object.entries(table) as [keyof Table & string, Table[keyof Table & string]][]
  const methods = entries.map(([name, entry]): [string, Method] => [
    name,
    boundMethod(entry, (args, request) => functions[name](args, request)),
  ])
  return { ...described, methods: new Map(methods) }
}

function boundMethod<Entry extends MethodEntry>(
  entry: Entry,
  run: (args: ReadArguments<Entry>, request: RequestContext) => Promise<Value>,
): Method {
  const readers = Object.entries(readersOf(entry))
  return {
    ...describedMethod(entry),
    call(args, request) {
      const read = readers.map(([name, reader], position) => [name, reader(args[position] ?? null)])
      return run(Object.fromEntries(read) as ReadArguments<Entry>, request)
    },
  }
}
