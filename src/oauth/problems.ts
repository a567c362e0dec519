import { OAuthProblem } from './authentication'

/** The words of the OAuth problem extension, each with the status that the OAuth endpoints answer it with (magento.md §4). */
const PROBLEMS = {
  version_rejected: 400,
  parameter_absent: 400,
  parameter_rejected: 400,
  timestamp_refused: 400,
  signature_method_rejected: 400,
  nonce_used: 401,
  signature_invalid: 401,
  consumer_key_rejected: 401,
  token_used: 401,
  token_expired: 401,
  token_revoked: 401,
  token_rejected: 401,
  verifier_invalid: 401,
  permission_unknown: 401,
  permission_denied: 401,
} as const satisfies Readonly<Record<string, OAuthProblem['status']>>

export type ProblemName = keyof typeof PROBLEMS

/** Makes an error of the table: `throw problem('nonce_used')`. */
export function problem(name: ProblemName): OAuthProblem {
  return new OAuthProblem(PROBLEMS[name], name)
}

/** Makes the error for a missing parameter. */
export function absent(parameter: string): OAuthProblem {
  return new OAuthProblem(
    PROBLEMS.parameter_absent,
    'parameter_absent',
    `&oauth_parameters_absent=${parameter}`,
  )
}

/** Whoever could read the request could send it again. */
export function openPlaintext(): OAuthProblem {
  return new OAuthProblem(
    PROBLEMS.signature_method_rejected,
    'signature_method_rejected',
    '&message=PLAINTEXT+needs+https',
  )
}

/** A parameter is there, and is not what it should be. */
export function rejected(parameter: string): OAuthProblem {
  return new OAuthProblem(PROBLEMS.parameter_rejected, 'parameter_rejected', `&message=${parameter}`)
}
