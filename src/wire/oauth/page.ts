import { randomBytes } from 'node:crypto'
import { pageHeaders, pageOf, pageStyle } from '../../http/page'
import type { TokenUser } from '../../oauth/ports'
import { escapeAttribute, escapeText } from '../../text/xml/escape'

/** A page for an operator's browser. */
export interface Page {
  readonly status: number
  readonly html: string
  /** The URL to which the page's form may lead, besides this server; null for none. */
  readonly formTarget: string | null
}

const STYLE = pageStyle(`
body { margin: 0; display: grid; min-height: 100vh; place-items: center; background: light-dark(#f3f3f1, #1b1c1e); color: light-dark(#1d1d1f, #ececec) }
main { box-sizing: border-box; width: min(28rem, 100%); padding: 2rem; background: light-dark(#fff, #26282b); border-radius: .5rem }
h1 { margin: 0 0 1rem; font-size: 1.25rem }
label { display: block; margin-top: 1rem; font-weight: 600 }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit }
button { margin: 1.5rem .5rem 0 0; padding: .5rem 1rem; font: inherit; cursor: pointer }
[role=alert] { padding: .5rem .75rem; border-left: .25rem solid light-dark(#b3261e, #f2b8b5) }
code { display: block; padding: .75rem; font-size: 1.125rem; background: light-dark(#f3f3f1, #1b1c1e) }
`)

/**
 * Returns the headers of a page on which an operator decides: no cache keeps it, and its form leads only to
 * allowed URLs.
 */
export function headersOf({ formTarget }: Page): Readonly<Record<string, string>> {
  const formActions = ["'self'", ...(formTarget === null ? [] : [new URL(formTarget).origin])].join(' ')
  return { ...pageHeaders(STYLE, formActions), 'cache-control': 'no-store' }
}

/** What an operator is to decide. */
export interface Matter {
  readonly token: string
  readonly user: TokenUser
  /** The path below which the pages for this kind of user are. */
  readonly address: string
  readonly consumerName: string
  /** The URL to which the browser goes afterwards; null for none. */
  readonly callbackUrl: string | null
}

export interface Question extends Matter {
  /** The name from the operator's last attempt; `complaint` says why the page asks again. */
  readonly username: string
  readonly complaint: string | null
}

const ASKED: Readonly<Record<TokenUser, string>> = {
  admin: 'as an administrator: it could see and change the images of every product',
  customer: 'as a customer: it could see the images that customers see, and change nothing',
}

const WHO: Readonly<Record<TokenUser, string>> = {
  admin: 'Sign in as an API user whose role allows everything (all).',
  customer: 'Sign in as an API user.',
}

/**
 * Asks an operator to sign in and to decide, in one form. Other sites cannot send this form, because it needs
 * the operator's key. Its fields and ids have the names by which scripts fill in Magento's (docs/guides/oauth.md). Scripts send
 * the form's key back too; it means nothing here.
 */
export function questionPage(status: number, question: Question): Page {
  const { token, user, address, consumerName, callbackUrl, username, complaint } = question
  const html = pageOf(
    'Authorize access',
    `${complaint === null ? '' : `<p role="alert">${escapeText(complaint)}</p>`}
<p><strong>${escapeText(consumerName)}</strong> asks for access ${ASKED[user]}.</p>
<p>${WHO[user]}${callbackUrl === null ? '' : ` Afterwards you are sent to <strong>${escapeText(new URL(callbackUrl).host)}</strong>.`}</p>
<form method="post" action="${escapeAttribute(address)}" id="loginForm">
<input name="form_key" type="hidden" value="${randomBytes(8).toString('hex')}">
<input name="oauth_token" type="hidden" value="${escapeAttribute(token)}">
<label for="username">User name</label>
<input id="username" name="login[username]" value="${escapeAttribute(username)}" autocomplete="username" autocapitalize="none" spellcheck="false" required>
<label for="login">API key</label>
<input id="login" name="login[password]" type="password" autocomplete="current-password" required>
<button name="decision" value="authorize">Authorize</button>
<button name="decision" value="reject" formnovalidate>Reject</button>
</form>`,
    STYLE,
  )
  return { status, html, formTarget: callbackUrl }
}

/** Asks an operator who has signed in to decide, by forms with the ids that scripts look for. */
export function confirmPage({ token, user, address, consumerName, callbackUrl }: Matter): Page {
  const form = (
    action: string,
    title: string,
  ) => `<form id="oauth_authorize_${action}" action="${escapeAttribute(`${address}/${action}`)}" method="get">
<input name="oauth_token" type="hidden" value="${escapeAttribute(token)}">
<button type="submit" title="${title}">${title}</button>
</form>`
  const html = pageOf(
    'Authorize access',
    `<p><strong>${escapeText(consumerName)}</strong> asks for access ${ASKED[user]}.</p>
${form('confirm', 'Authorize')}
${form('reject', 'Reject')}`,
    STYLE,
  )
  return { status: 200, html, formTarget: callbackUrl }
}

/** Shows an operator the verifier, to be typed into a consumer that has no callback. */
export function verifierPage(consumerName: string, verifier: string): Page {
  return closingPage(
    200,
    'Authorized',
    `<p>Give this verifier to <strong>${escapeText(consumerName)}</strong>:</p>\n<p style="font-size: 14px;">Verifier code: ${verifier}</p>`,
  )
}

export function rejectedPage(consumerName: string): Page {
  return closingPage(200, 'Rejected', `<p><strong>${escapeText(consumerName)}</strong> gets no access.</p>`)
}

/** Explains why there is nothing to decide. */
export function refusalPage(status: number, reason: string): Page {
  const advice = 'Start again in the program that sent you here.'
  return closingPage(
    status,
    'This request cannot be authorized',
    `<p role="alert">${escapeText(reason)}</p>\n<p>${advice}</p>`,
  )
}

function closingPage(status: number, title: string, content: string): Page {
  return { status, html: pageOf(title, content, STYLE), formTarget: null }
}
