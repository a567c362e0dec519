import type { ResourceDescription } from '../../contract/method'
import { nearest, quoted } from '../../contract/nearest'
import { isEmpty } from '../../contract/readers'
import type { Denial } from '../../contract/requestNotes'
import { argument, type Subject } from './subject'

const DENIALS: Readonly<Record<Denial, (name: string) => string>> = {
  'unknown user': (name) => `There is no user ${quoted(name)}.`,
  'wrong key': (name) => `The user ${quoted(name)} exists; the key is wrong.`,
  'old key': (name) =>
    `The key is right, but its hash is still one of Magento's, which KEEPSAKE_OLD_KEYS_UNTIL refuses: give the user ${quoted(name)} a new key.`,
  'inactive user': (name) => `The key is right, but the user ${quoted(name)} is disabled or has no role.`,
  'too many failures of the user': (name) =>
    `Too many logins of ${quoted(name)} have failed: it is blocked for a while, whatever its key (KEEPSAKE_LOGIN_FAILURES_PER_USER).`,
  'too many failures from the address': () =>
    'Too many logins from this address have failed: it is blocked for a while (KEEPSAKE_LOGIN_FAILURES_PER_ADDRESS).',
  'wrong control token': () => 'The control token is wrong.',
}

/** Explains fault 2: why a login was denied, or which rule the role lacks. */
export async function whyDenied(subject: Subject): Promise<string> {
  const { call, context } = subject
  if (call.path === 'login') return whyNoLogin(subject)
  const rules = neededRules(subject)
  const user = await subject.inspection.user(call.user ?? context.notes.observed.user ?? '')
  const missing = rules.filter((rule) => !user?.rules.includes(rule))
  const has = user?.rules.length ? `it has ${user.rules.join(', ')}` : 'it has none'
  return `The role ${quoted(user?.role ?? '')} of ${quoted(user?.username ?? '')} lacks the access rule ${missing.join(' and ')}; ${has}. No rule implies those below it, but all.`
}

async function whyNoLogin(subject: Subject): Promise<string> {
  const name = argument(subject, 'username') ?? ''
  const denied = subject.context.notes.observed.denied
  const known = await subject.inspection.user(name)
  if (denied?.startsWith('too many')) return DENIALS[denied](name)
  if (!known) return DENIALS['unknown user'](name)
  return DENIALS[denied ?? 'wrong key'](name)
}

function neededRules({ call, resources }: Subject): readonly string[] {
  const [resourceName = '', method = ''] = call.path.split('.')
  const resource = resources.find(({ name }) => name === resourceName) ?? resources[0]
  const acl = resource?.methods.get(method)?.acl ?? null
  return [resource?.acl, acl].filter((rule): rule is string => typeof rule === 'string')
}

/** Explains fault 3: what the path should have been. */
export function whyNoPath({ call, resources }: Subject): string {
  if (call.path === 'resourceFaults')
    return `There is no such resource; there are ${namesOf(resources).join(', ')}.`
  const paths = resources.flatMap((resource) =>
    namesOf([resource]).flatMap((name) => [...resource.methods.keys()].map((method) => `${name}.${method}`)),
  )
  const [resourceName = '', method] = call.path.split('.')
  const preferred = resources[0]?.aliases.at(-1) ?? ''
  if (method === undefined) {
    const isMethod = resources.some((resource) => resource.methods.has(resourceName))
    return `A path is resource.method${isMethod ? `: ${preferred}.${resourceName}` : `, such as ${preferred}.list`}; ${quoted(call.path)} has no dot.`
  }
  const resource = resources.find((candidate) => namesOf([candidate]).includes(resourceName))
  if (resource) {
    const methods = [...resource.methods.keys()]
    return `${resourceName} has no method ${quoted(method)}.${didYouMean(nearest(method, methods))} It has ${methods.join(', ')}, in exactly this case.`
  }
  return `There is no path ${quoted(call.path)}.${didYouMean(nearest(call.path, paths))} The only resource is ${namesOf(resources).join(', also called ')}.`
}

function namesOf(resources: readonly ResourceDescription[]): readonly string[] {
  return resources.flatMap(({ name, aliases }) => [name, ...aliases])
}

function didYouMean(found: string | null): string {
  return found === null ? '' : ` Did you mean ${found}?`
}

/** Explains fault 5: what became of the session, or what was given in its place. */
export async function whyNoSession(subject: Subject): Promise<string> {
  const { call, secrets, inspection, sessionLifetimeSeconds, now } = subject
  const id = call.session ?? ''
  if (id === '') return 'No session id was given: it is the first argument, as login answers it.'
  if (['null', 'undefined', 'false', '0', 'nil', 'None', 'Array'].includes(id))
    return `${quoted(id)} was given as the session id: the client did not keep what login answered.`
  if (!/^[0-9a-f]{32}$/.test(id))
    return `What was given as the session id has ${id.length} characters and is none: login answers 32 hex digits in lower case. Are the arguments in order? The session id is the first.`
  const known = secrets.knownSession(id)
  const stored = await inspection.session(id)
  if (!stored) {
    if (known?.ended) return `The session was ended by endSession (entry ${known.ended}).`
    if (known?.opened && known.opened.user === null)
      return `startSession gave this id (entry ${known.opened.entry}), and that logs nobody in: call login.`
    if (known?.opened)
      return `The session was opened by ${known.opened.user} (entry ${known.opened.entry}) and is gone: it expired and was dropped, its user was disabled or given a new key, or the server was reset.`
    return 'No session has this id: it is from before a restart or a reset, or from another server.'
  }
  const user = await inspection.user(stored.username)
  if (user && !user.isActive) return `The user ${quoted(user.username)} was disabled.`
  if (user && user.role === null) return `The user ${quoted(user.username)} has no role.`
  const idle = Math.round((now().getTime() - stored.lastUsed.getTime()) / 1000)
  return `The session of ${quoted(stored.username)} expired: it was last used ${idle} seconds ago, and lives for ${sessionLifetimeSeconds} (KEEPSAKE_SESSION_LIFETIME).`
}

/** Explains fault 6: which parameter of login is missing. */
export function whyMissing(subject: Subject): string {
  const missing = ['username', 'apiKey'].filter((name) => isEmpty(argument(subject, name)))
  const zero = missing.filter((name) => argument(subject, name) === '0')
  const php = zero.length > 0 ? ` "0" counts as empty, as it does for PHP.` : ''
  return `login was called without ${missing.join(' and ')}, or with an empty one.${php}`
}
