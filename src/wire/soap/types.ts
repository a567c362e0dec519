/**
 * The types of parts and answers in this server's WSDLs. They tell how to read a value that does not give its
 * own type, and how to write a value.
 */
export type WsdlType = AnyType | ScalarType | EntityType | ArrayType

interface AnyType {
  readonly kind: 'any'
  /** Whether it is read and written in WS-I's way, in which elements do not give their types. */
  readonly isLiteral?: true
}

export interface ScalarType {
  readonly kind: 'scalar'
  readonly name: 'string' | 'int' | 'boolean'
}

/** A structure, with its fields in the order in which they are written. */
export interface EntityType {
  readonly kind: 'entity'
  readonly name: string
  readonly fields: Readonly<Record<string, WsdlType>>
}

export interface ArrayType {
  readonly kind: 'array'
  readonly name: string
  readonly item: WsdlType
}

export const anything: WsdlType = { kind: 'any' }
export const literalAnything: WsdlType = { kind: 'any', isLiteral: true }
export const string: ScalarType = { kind: 'scalar', name: 'string' }
export const int: ScalarType = { kind: 'scalar', name: 'int' }
export const boolean: ScalarType = { kind: 'scalar', name: 'boolean' }

export function entity(name: string, fields: Readonly<Record<string, WsdlType>>): EntityType {
  return { kind: 'entity', name, fields }
}

export function arrayOf(item: WsdlType, name: string): ArrayType {
  return { kind: 'array', name, item }
}
