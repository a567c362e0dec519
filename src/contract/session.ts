/** A logged-in caller and what its role lets it do. */
export interface ApiSession {
  readonly username: string
  /** The access rules of the user's role, such as `catalog/product/media/create`, or `all`. */
  readonly rules: ReadonlySet<string>
}

export interface Sessions {
  /** Opens a session, logged in as that user or, for null, as nobody. Answers its id: 32 hex digits. */
  open(userId: number | null): Promise<string>
  /**
   * The session, if it is logged in, was used within its lifetime, and its user is active and has a role. Finding a
   * session renews it.
   */
  find(sessionId: string): Promise<ApiSession | null>
  /** Ends the session, if there is one. */
  close(sessionId: string): Promise<void>
}

export interface Accounts {
  /** The id of the active user with a role that has this name, in any case, and exactly this key; null otherwise. */
  authenticate(username: string, apiKey: string): Promise<number | null>
}
