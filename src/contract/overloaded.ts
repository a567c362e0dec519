/** The resource that ran out: requests at one time, bytes of bodies in memory, or waits for the database. */
export type Shortage = 'requests' | 'bodies' | 'database'

/** The server is fully loaded and has not begun this work. The same request may succeed a moment later. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded'

  constructor(readonly shortage: Shortage) {
    super(`too much is under way: ${shortage}`)
  }
}

/** How long a client that was turned away should wait. Most of the requests under way have ended by then. */
export const RETRY_AFTER_SECONDS = 5
