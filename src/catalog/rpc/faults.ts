import { type FaultTable, faultsOf } from '../../contract/fault'

/** The faults of the product-image resource (magento.md §1; recording `v1/resource-faults-swapped`). */
export const productMediaFaults = {
  store_not_exists: [100, 'Requested store view not found.'],
  product_not_exists: [101, 'Product not exists.'],
  data_invalid: [102, 'Invalid data given. Details in error message.'],
  not_exists: [103, "Requested image not exists in product images' gallery."],
  not_created: [104, 'Image creation failed. Details in error message.'],
  not_updated: [105, 'Image not updated. Details in error message.'],
  not_removed: [106, 'Image not removed. Details in error message.'],
  not_media_product: [107, "Requested product doesn't support images"],
} as const satisfies FaultTable

export const fault = faultsOf(productMediaFaults)
