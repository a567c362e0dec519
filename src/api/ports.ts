import type { RequestContext } from '../contract/request'
import type { Denial } from '../contract/requestNotes'

/** A logged-in caller and what its role lets it do. */
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
   * The session, if it is logged in, was used within its lifetime, and its user is active and has a role. Finding a
   * session renews it.
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
   * The id of the active user with a role that has this name, in any case, and exactly this key; null otherwise, and
   * while too many have failed. Why it is null is noted of the request, and told to nobody.
   */
  authenticate(username: string, apiKey: string, request: RequestContext): Promise<number | null>
}

/** @property costly whether the key was hashed, which takes as long for any name */
export type CheckedCredentials =
  | { readonly userId: number; readonly costly: boolean }
  | { readonly denial: Denial; readonly costly: boolean }

/** Names and keys alone, however often they are tried. */
export interface Credentials {
  check(username: string, apiKey: string): Promise<CheckedCredentials>
}

/** Whose failed logins are counted. */
export type LoginSubject = { readonly user: string } | { readonly address: string }

export interface FailureCount {
  readonly failures: number
  readonly last: Date
}

/** Failed logins, counted by all processes together. */
export interface LoginFailures {
  /** The count of each subject, in their order; null for one without a failure since then. */
  find(subjects: readonly LoginSubject[], since: Date): Promise<readonly (FailureCount | null)[]>
  /** Counts one failure of each, from one again for those whose last was before `since`. */
  add(subjects: readonly LoginSubject[], now: Date, since: Date): Promise<void>
  forget(subject: LoginSubject): Promise<void>
}
