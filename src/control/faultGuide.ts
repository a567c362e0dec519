import { globalFaults } from '../api/faults'
import { productMediaFaults } from '../catalog/rpc/faults'
import { Fault, type FaultTable } from '../contract/fault'
import { inRest } from '../wire/rest/forcedFaults'

/** A call that causes a fault, without a rule, in the shop of examples/shop.json. */
interface NaturalCall {
  /** `resource.method`, or an operation. */
  readonly method: string
  readonly arguments: readonly unknown[]
  /** A further condition, in words. */
  readonly provided?: string
}

interface Cause {
  readonly means: string
  /** Null for a fault that no call can cause reliably; `why` then gives the reason. */
  readonly call: NaturalCall | null
  readonly why?: string
}

/** A file whose content is the text `no image`. */
const NO_IMAGE = { mime: 'image/gif', content: 'bm8gaW1hZ2U=' }

type FaultName = keyof typeof globalFaults | keyof typeof productMediaFaults

const CAUSES: Readonly<Record<FaultName, Cause>> = {
  unknown: {
    means: 'something went wrong that the server has no name for',
    call: null,
    why: 'never: nothing here is without a name',
  },
  internal: {
    means: 'the server failed',
    call: null,
    why: 'only when the server fails, as without its database',
  },
  access_denied: {
    means: 'the key is wrong, or the user’s role does not allow the call',
    call: { method: 'login', arguments: ['apiUser', 'wrong'] },
  },
  resource_path_invalid: {
    means: 'there is no such method',
    call: { method: 'product_media.nothing', arguments: [] },
  },
  resource_path_not_callable: {
    means: 'the method is there, but cannot be called',
    call: null,
    why: 'never: every method here can be called',
  },
  session_expired: {
    means: 'the session is unknown, ended or expired',
    call: {
      method: 'product_media.list',
      arguments: ['Sku'],
      provided: 'the session id is one that no login gave',
    },
  },
  invalid_request_param: {
    means: 'a parameter is missing',
    call: { method: 'login', arguments: ['apiUser', ''] },
  },
  store_not_exists: {
    means: 'there is no such store view',
    call: { method: 'product_media.list', arguments: ['Sku', 'nowhere'] },
  },
  product_not_exists: {
    means: 'there is no such product',
    call: { method: 'product_media.list', arguments: ['Unknown'] },
  },
  data_invalid: {
    means: 'the data given cannot be read',
    call: { method: 'product_media.create', arguments: ['Sku', {}] },
  },
  not_exists: {
    means: 'the gallery has no such image',
    call: { method: 'product_media.info', arguments: ['Sku', '/n/o/none.jpg'] },
  },
  not_created: {
    means: 'the image could not be added',
    call: { method: 'product_media.create', arguments: ['Sku', { file: NO_IMAGE }] },
  },
  not_updated: {
    means: 'the image could not be changed',
    call: {
      method: 'product_media.update',
      arguments: ['Sku', '/s/e/seen.gif', { file: NO_IMAGE }],
      provided: 'the gallery has an image /s/e/seen.gif',
    },
  },
  not_removed: {
    means: 'the image could not be removed',
    call: null,
    why: 'never: an image that is there can be removed',
  },
  not_media_product: {
    means: 'the product’s attribute set has no gallery',
    call: { method: 'product_media.list', arguments: ['Voucher'] },
  },
}

/** A fault, its meaning, and how to cause it. */
export interface ToldFault {
  readonly code: number
  readonly name: string
  /** The fault's standard text. */
  readonly message: string
  readonly means: string
  /** How to cause it without a rule; null if only a rule can. */
  readonly naturally: string | null
  /** The call that causes it; null if only a rule can. */
  readonly call: NaturalCall | null
  /** Why only a rule can cause it; null if a call can. */
  readonly why: string | null
  readonly magicSku: string
  /** The answer of REST for the same cause. */
  readonly rest: { readonly status: number; readonly message: string }
}

/** All faults that a call can have, in the order of their codes. */
export const FAULT_GUIDE: readonly ToldFault[] = [...told(globalFaults), ...told(productMediaFaults)]

function told(table: FaultTable<FaultName> | Partial<FaultTable<FaultName>>): readonly ToldFault[] {
  return (Object.entries(table) as [FaultName, FaultTable[string]][]).map(([name, [code, message]]) => {
    const { means, call, why = null } = CAUSES[name]
    return {
      code,
      name,
      message,
      means,
      naturally: call && naturally(call),
      call,
      why,
      magicSku: `keepsake-fault-${code}`,
      rest: restError(new Fault(name, code, message)),
    }
  })
}

function naturally({ method, arguments: given, provided }: NaturalCall): string {
  const call = `${method} ${JSON.stringify(given)}`
  return provided === undefined ? call : `${call}, where ${provided}`
}

function restError(fault: Fault): ToldFault['rest'] {
  const { status, message } = inRest(fault)
  return { status, message }
}
