import type { RequestContext } from '../contract/request'
import type { Denial } from '../contract/requestNotes'

/** A logged-in user and the rights of its role. */
export interface ApiSession {
  readonly username: string
  /** The access rules of the user's role, such as `catalog/product/media/create`, or `all`. */
  readonly rules: ReadonlySet<string>
}

export interface Sessions {
  /** Opens a session, logged in as that user. Answers its id: 32 hex digits. */
  open(userId: number): Promise<string>
  /**
   * An id like that of a session, under which nobody is logged in. Nothing is kept of it: whoever asks may ask as often as
   * he likes, and an id that is not known is answered as one that is not logged in.
   */
  newAnonymousId(): Promise<string>
  /**
   * Finds the session, if it is logged in, was used within its lifetime, and its user is active and has a
   * role. Finding a session renews it.
   */
  find(sessionId: string): Promise<ApiSession | null>
  /** Ends the session, if there is one. */
  close(sessionId: string): Promise<void>
}

/** Sessions that can also be looked at without a use of them, by an answer that lasts. */
export interface InspectableSessions extends Sessions {
  /** The session that `find` would answer. It is not renewed. */
  peek(sessionId: string): Promise<ApiSession | null>
}

export interface Accounts {
  /**
   * Returns the id of the active user who has a role, this name as MySQL compares it (magento.md §6.5), and exactly this key. Returns
   * null for any other login, and while logins are blocked after too many failures. The reason is noted in
   * the request, and not told to the client.
   */
  authenticate(username: string, apiKey: string, request: RequestContext): Promise<number | null>
}

/** @property costly whether the key was hashed; hashing takes equally long for any name */
export type CheckedCredentials =
  | { readonly userId: number; readonly costly: boolean }
  | { readonly denial: Denial; readonly costly: boolean }

/** Checks names and keys, without counting attempts. */
export interface Credentials {
  check(username: string, apiKey: string): Promise<CheckedCredentials>
}

/** The user name or address whose failed logins are counted. */
export type LoginSubject = { readonly user: string } | { readonly address: string }

export interface FailureCount {
  readonly failures: number
  readonly last: Date
}

/** Failed logins, counted by all processes together. */
export interface LoginFailures {
  /** Returns the count of each subject, in order; null for a subject without a failure since then. */
  find(subjects: readonly LoginSubject[], since: Date): Promise<readonly (FailureCount | null)[]>
  /**
   * Counts one failure of each subject. The count begins again at one if the last failure was before `since`.
   */
  add(subjects: readonly LoginSubject[], now: Date, since: Date): Promise<void>
  forget(subject: LoginSubject): Promise<void>
}
