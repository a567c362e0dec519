import type { Authenticate, Signatory } from './authentication'
import { hasOAuthHeader } from './parameters'
import type { Token } from './ports'
import { problem } from './problems'
import { type Case, CREDENTIAL_LENGTH, type Judgement, type OAuthOptions, required, verified } from './verify'

/**
 * Returns a function that tells who signed a REST request. A guest has sent no OAuth header (magento.md §4).
 */
export function authenticator(options: OAuthOptions): Authenticate {
  return async (request) => {
    if (!hasOAuthHeader(request)) return GUEST
    const { signatory, isPermitted } = await verified(request, options, judgeAccess)
    if (!isPermitted) throw problem('permission_denied')
    return signatory
  }
}

const GUEST: Signatory = { caller: 'guest', consumer: null, token: null, operator: null }

interface Access extends Judgement {
  readonly signatory: Signatory
  readonly isPermitted: boolean
}

function judgeAccess(subject: Case): Access {
  const token = tokenOf(subject)
  if (token.kind !== 'access' || token.user === null) throw problem('token_rejected')
  if (token.isRevoked) throw problem('token_revoked')
  if (token.consumerId !== subject.consumer.id) throw problem('token_rejected')
  const { secret: tokenSecret, user: caller, operator, isPermitted } = token
  const signatory = { caller, operator, consumer: subject.consumer.name, token: token.name }
  return { tokenSecret, signatory, isPermitted }
}

/** Returns the token that the request names. @throws OAuthProblem */
export function tokenOf({ protocol, token }: Case): Token {
  const name = required(protocol, 'oauth_token')
  if (name.length !== CREDENTIAL_LENGTH || !token) throw problem('token_rejected')
  return token
}
