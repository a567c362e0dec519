import { Directory } from '../../../src/api/directory'
import { type Operation, operationsOf } from '../../../src/api/operations'
import type { OperationName } from '../../../src/api/operationTable'
import type { Gallery } from '../../../src/catalog/gallery'
import { GalleryChanges } from '../../../src/catalog/galleryChanges'
import { MAGENTO_1 } from '../../../src/catalog/imageRules'
import type { Galleries, ImageFacts, OpenGallery, Product } from '../../../src/catalog/ports'
import { ImagesByFile } from '../../../src/catalog/rpc/imagesByFile'
import { productMediaResource } from '../../../src/catalog/rpc/resource'
import type { Log } from '../../../src/contract/log'
import { boundResource, type ResourceDescription } from '../../../src/contract/method'
import { MemoryImages } from '../../../src/images/memoryImages'
import { BUILT_IN } from '../../support/mediaAttributes'

/** Every operation and method as they are, on a shop of one product that is the same whatever is done to it. */
export interface UnchangingShop {
  readonly operations: Readonly<Record<OperationName, Operation>>
  readonly resources: readonly ResourceDescription[]
}

export function unchangingShop(log: Log): UnchangingShop {
  const directory = new Directory([boundResource(productMediaResource, media())])
  const session = { username: 'anybody', rules: new Set(['all']) }
  const operations = operationsOf({
    sessions: {
      open: async () => '0'.repeat(32),
      newAnonymousId: async () => '0'.repeat(32),
      find: async () => session,
      close: async () => {},
    },
    accounts: { authenticate: async () => 1 },
    directory,
    log,
  })
  return { operations, resources: directory.resources }
}

const PRODUCT: Product = { id: 1, hasGallery: true }

const GALLERY: Gallery = {
  mediaAttributes: BUILT_IN,
  images: [
    { id: 1, file: '/i/m/image.jpg', label: 'A & B', position: 1, exclude: 0 },
    { id: 2, file: '/i/m/image_1.jpg', label: null, position: null, exclude: null },
  ],
  types: new Map([['thumbnail', 1]]),
}

const ANY_IMAGE: ImageFacts = {
  format: 'gif',
  width: 1,
  height: 1,
  size: 43,
  sha256: Buffer.alloc(32),
  md5: Buffer.alloc(16),
}

const OPEN_GALLERY: OpenGallery = {
  view: async () => GALLERY,
  claim: async () => '/i/m/image_2.jpg',
  replaceFile: async () => '/i/m/image~0.jpg',
  imageWithBytes: async () => null,
  addImage: async () => 3,
  write: async () => {},
  isUsedBeyond: async () => false,
  deleteImage: async () => {},
  record: async () => {},
  recordReplacedElsewhere: async () => {},
}

function media(): ImagesByFile {
  const galleries: Galleries = {
    product: async () => PRODUCT,
    view: async () => ({ product: PRODUCT, gallery: GALLERY }),
    change: (_, work) => work(OPEN_GALLERY),
    mediaAttributes: async () => BUILT_IN,
    isOffered: async () => true,
    isSeenByGuests: async () => true,
  }
  return new ImagesByFile({
    imageRules: MAGENTO_1,
    imageDisplay: { numbers: 'texts', hashes: [] },
    galleries,
    storeViews: { byCode: async () => 1, exists: async () => true, defaultView: async () => 1 },
    changes: new GalleryChanges({
      galleries,
      images: Object.assign(new MemoryImages(), { write: async () => {} }),
      imageProbe: { probe: async () => ANY_IMAGE },
      reusesSameImage: false,
      uniqueMark: () => '0',
      onReplaced: async () => {},
    }),
  })
}
