import type { Authenticate } from '../../contract/oauth'
import type { Token, TokenUser } from '../../contract/oauthStore'
import { hasOAuthHeader } from './parameters'
import { problem } from './problems'
import { type Case, CREDENTIAL_LENGTH, type Judgement, type OAuthOptions, required, verified } from './verify'

/** Tells who signed a request of REST: a guest has sent no OAuth header (REFERENCE.md §4). */
export function authenticator(options: OAuthOptions): Authenticate {
  return async (request) => {
    if (!hasOAuthHeader(request)) return 'guest'
    const { user, isPermitted } = await verified(request, options, judgeAccess)
    if (!isPermitted) throw problem('permission_denied')
    return user
  }
}

interface Access extends Judgement {
  readonly user: TokenUser
  readonly isPermitted: boolean
}

function judgeAccess(subject: Case): Access {
  const token = tokenOf(subject)
  if (token.kind !== 'access' || token.user === null) throw problem('token_rejected')
  if (token.isRevoked) throw problem('token_revoked')
  if (token.consumerId !== subject.consumer.id) throw problem('token_rejected')
  return { tokenSecret: token.secret, user: token.user, isPermitted: token.isPermitted }
}

/** The token that the request names. @throws OAuthProblem */
export function tokenOf({ protocol, token }: Case): Token {
  const name = required(protocol, 'oauth_token')
  if (name.length !== CREDENTIAL_LENGTH || !token) throw problem('token_rejected')
  return token
}
