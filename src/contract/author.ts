/** Who makes a change, as it is recorded with the change. */
export interface Author {
  /** The API user, or the operator who authorized the token; null for a token that was issued without one. */
  readonly user: string | null
  /** The name of the OAuth consumer that signed the request; null where nothing is signed. */
  readonly consumer: string | null
  /** The OAuth token that the request was signed with. It is no secret. */
  readonly token: string | null
  /** The protocol that the change came by, such as `soap_v1`. */
  readonly protocol: string
  readonly clientAddress: string
}

/** Returns who asks for a change. @throws when no author is known: nothing is changed without an author */
export function authorOf({
  scope: { author },
}: {
  readonly scope: { readonly author: Author | null }
}): Author {
  if (!author) throw new Error('a change without an author')
  return author
}
