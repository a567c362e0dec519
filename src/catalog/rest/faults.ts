import { type HttpFaultTable, httpFaultsOf } from '../../contract/httpFault'

/**
 * The faults of product images by id, with Magento's HTTP statuses (Magento's public page "REST API: Product
 * Images", "Possible HTTP Status Codes"; magento.md §4 and §5).
 */
const productImageFaults = {
  store_invalid: [400, 'Requested store is invalid'],
  resource_not_found: [404, 'Resource not found.'],
  image_not_found: [404, 'Product image not found'],
  images_unsupported: [400, 'Requested product does not support images'],
  image_not_specified: [400, 'The image is not specified'],
  mime_type_unsupported: [400, 'Unsupported image MIME type'],
  content_not_base64: [400, 'The image content must be valid base64 encoded data'],
  data_invalid: [400, 'The request data is invalid.'],
  unknown_error: [400, 'Resource unknown error.'],
  not_stored: [500, 'Resource internal error.'],
} as const satisfies HttpFaultTable

export const fault = httpFaultsOf(productImageFaults)
