/** What the control API answers, under the names that the page uses. The types are the server's own. */

import type { ShownGallery } from '../../../dist/src/control/answers.js'

export type {
  ConsoleSession as Session,
  Entry as JournalEntry,
  EntryCall as JournalCall,
  EntryMessage as Message,
  ListedAttributeSet as AttributeSet,
  ListedConsumer as Consumer,
  ListedProduct as Product,
  ListedToken as Token,
  ListedUser as User,
  ProductChange,
  Rule,
  RuleDescription,
  RuleProtocol,
  SavedUser,
  ShownFault as FaultGuide,
  ShownGallery as Gallery,
  ShownState as ServerState,
  StoreViewChange,
  UserChange,
} from '../../../dist/src/control/answers.js'

export type StoreView = ShownGallery['storeViews'][number]
export type GalleryImage = ShownGallery['images'][number]
export type ImageView = GalleryImage['views'][number]
export type MediaAttribute = ShownGallery['mediaAttributes'][number]
