/** What the host process is asked. `server` is the number that the asker gave it when it was started. */
export type HostRequest =
  | { readonly kind: 'start'; readonly server: number; readonly wanted: WantedServer }
  | { readonly kind: 'stop'; readonly server: number }

export interface WantedServer {
  /** The seed file's JSON; null for the example shop. */
  readonly seed: string | null
  /** By the names of the settings. */
  readonly flags: Readonly<Record<string, string>>
  /** By their environment variables. The host's own environment does not count. */
  readonly settings: Readonly<Record<string, string>>
}

export type HostAnswer =
  | { readonly kind: 'ready'; readonly server: number; readonly started: StartedServer }
  | { readonly kind: 'stopped'; readonly server: number }
  | { readonly kind: 'failed'; readonly server: number; readonly message: string }

export interface StartedServer {
  readonly port: number
  /** The first user of the seed who may log in. */
  readonly user: ApiUser | null
}

/** Who may log in to the API, and with which key. */
export interface ApiUser {
  readonly username: string
  readonly apiKey: string
}
