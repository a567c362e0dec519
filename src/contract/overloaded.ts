/** What there was no room for: another request under way, the bytes of another body, another wait for the database. */
export type Shortage = 'requests' | 'bodies' | 'database'

/** The server has as much to do as it can: it has not begun this, and the same may succeed in a moment. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded'

  constructor(readonly shortage: Shortage) {
    super(`too much is under way: ${shortage}`)
  }
}

/** How long a client that was turned away had better wait: what is under way is mostly done by then. */
export const RETRY_AFTER_SECONDS = 5
