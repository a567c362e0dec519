import type { ControlOperation } from '../operation'
import type { Administration } from '../ports'
import { attributeSetOperations } from './attributeSets'
import { consumerOperations } from './consumers'
import { productOperations } from './products'
import { storeViewOperations } from './storeViews'
import { userOperations } from './users'

/** Returns the operations that every server has, test double or not. */
export function administrationOperations(administration: Administration): readonly ControlOperation[] {
  return [
    ...productOperations(administration),
    ...storeViewOperations(administration),
    ...attributeSetOperations(administration),
    ...userOperations(administration),
    ...consumerOperations(administration),
  ]
}
