/** REST's own name for product images in the path of a call: `product_images.list`. */
export const IMAGE_RESOURCE = 'product_images'

/** The action that each HTTP method asks for. HEAD is a GET whose body is not sent (RFC 9110, 9.3.2). */
export const ACTIONS = {
  GET: 'retrieve',
  HEAD: 'retrieve',
  POST: 'create',
  PUT: 'update',
  DELETE: 'remove',
} as const

export type Action = (typeof ACTIONS)[keyof typeof ACTIONS]

/** The fields of an image that a client may give. Any others are ignored. */
export const WRITABLE_FIELDS = [
  'file_mime_type',
  'file_content',
  'file_name',
  'label',
  'position',
  'exclude',
  'types',
] as const

export type WritableField = (typeof WRITABLE_FIELDS)[number]

interface ImageOperation {
  /** The name in rules and in the journal: that of the method that does the same in the other dialects. */
  readonly name: string
  /** Which fields the body must have; null for an operation that reads no body. */
  readonly required: readonly WritableField[] | null
}

/**
 * The operations of product images by id (magento.md §4), each described once, by what the path names (a
 * gallery: `collection`, or an image: `entity`) and by the action. A pair that is missing here is routed, but
 * not implemented.
 */
export const IMAGE_OPERATIONS = {
  collection: {
    retrieve: { name: 'list', required: null },
    create: { name: 'create', required: ['file_mime_type', 'file_content'] },
  },
  entity: {
    retrieve: { name: 'info', required: null },
    update: { name: 'update', required: [] },
    remove: { name: 'remove', required: null },
  },
} as const satisfies Readonly<Record<string, Partial<Record<Action, ImageOperation>>>>

export type PathKind = keyof typeof IMAGE_OPERATIONS

type OperationsOfKind = Readonly<Partial<Record<Action, ImageOperation>>>

/** The names of all operations, such as `list`. */
export const IMAGE_OPERATION_NAMES: readonly string[] = Object.values<OperationsOfKind>(
  IMAGE_OPERATIONS,
).flatMap((operations) => Object.values(operations).map(({ name }) => name))

/** Returns the operation for an action on what a path names; null for one that is not implemented. */
export function operationOn(kind: PathKind, action: Action): ImageOperation | null {
  const operations: OperationsOfKind = IMAGE_OPERATIONS[kind]
  return operations[action] ?? null
}

/**
 * Returns the action of an HTTP method; null for a method without a meaning here. Methods are written in
 * upper case.
 */
export function actionOf(method: string): Action | null {
  const actions: Readonly<Record<string, Action>> = ACTIONS
  return Object.hasOwn(actions, method) ? (actions[method] ?? null) : null
}

/** Whether an action needs the right to change galleries. */
export function isWriting(action: Action): boolean {
  return action !== 'retrieve'
}

export function isWritable(field: string): boolean {
  return WRITABLE_FIELDS.some((writable) => writable === field)
}
