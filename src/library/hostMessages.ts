/** A message to the host process. `server` is a number that the sender chooses for each server that it starts. */
export type HostRequest =
  | { readonly kind: 'start'; readonly server: number; readonly wanted: WantedServer }
  | { readonly kind: 'stop'; readonly server: number }

/** Describes a server to start. */
export interface WantedServer {
  /** The JSON of the seed file; null for the example shop. */
  readonly seed: string | null
  /** Settings by their names, as flags have them. */
  readonly flags: Readonly<Record<string, string>>
  /** Settings by their environment variables. The environment of the host process is ignored. */
  readonly settings: Readonly<Record<string, string>>
}

/** An answer of the host process about the server of that number. */
export type HostAnswer =
  | { readonly kind: 'ready'; readonly server: number; readonly started: StartedServer }
  | { readonly kind: 'stopped'; readonly server: number }
  | { readonly kind: 'failed'; readonly server: number; readonly message: string }

/** Describes a server that has started. */
export interface StartedServer {
  /** The TCP port on 127.0.0.1. */
  readonly port: number
  /** The TCP port of the control API, the same unless a setting gives it one of its own. */
  readonly controlPort: number
  /** The first user of the seed who may log in; null if there is none. */
  readonly user: ApiUser | null
}

/** A user who may log in to the API, with the key. */
export interface ApiUser {
  readonly username: string
  readonly apiKey: string
}
