import type { HttpAnswer } from '../../contract/exchange'
import type { ForcedStatus } from './rule'

/**
 * A page with status 200, as captive portals and shops under maintenance send it. Only its body shows that it
 * is no answer.
 */
export const HTML_PAGE: HttpAnswer = page(200, 'We will be back soon', 'This shop is being maintained.')

/** The pages that a proxy in front of a server sends when the server cannot answer. */
export const STATUS_PAGES: Readonly<Record<ForcedStatus, HttpAnswer>> = {
  500: page(500, '500 Internal Server Error', 'The server could not answer the request.'),
  503: page(503, '503 Service Unavailable', 'The server is busy. Try again later.', { 'retry-after': '1' }),
}

function page(
  status: number,
  title: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
    // This is proxies' usual HTML, and no XML: the hr element is not closed.
    body: `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n<p>${text}</p>\n<hr>\n</body>\n</html>\n`,
    encoding: 'utf8',
  }
}
