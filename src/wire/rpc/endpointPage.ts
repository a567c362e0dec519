import type { RequestContext } from '../../contract/request'
import { pageHeaders, pageOf, pageStyle } from '../../http/page'
import { escapeAttribute } from '../../text/xml/escape'
import type { RpcEndpoint } from './endpoint'

const STYLE = pageStyle(`
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
code, td:last-child { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8886 }
`)

/** The headers of the page. `vary` is needed because programs get another answer under the same URL. */
export const ENDPOINT_PAGE_HEADERS = { ...pageHeaders(STYLE), vary: 'accept' }

/** Returns the page for a browser that opens an endpoint. */
export function endpointPage(
  { title, url }: RpcEndpoint,
  endpoints: readonly RpcEndpoint[],
  { origin }: RequestContext,
): string {
  const base = escapeAttribute(origin.publicUrl)
  const rows = endpoints.flatMap((endpoint) => [
    row(endpoint.title, base + endpoint.url),
    ...(endpoint.wsdlLinks ?? []).map(([document, query]) =>
      row(document, link(base + endpoint.url + escapeAttribute(query))),
    ),
  ])
  rows.push(row('REST', `${base}/api/rest/products/:id/images`))
  rows.push(row('its documentation', link(`${base}/api/rest/docs/`)))
  return pageOf(
    title,
    `<p>This is <code>${base}${url}</code>, a URL for programs: it answers calls to Magento 1's product-image API.
A browser has nothing to send to it; a client posts its calls here.</p>
<h2>What is answered where</h2>
<table>
<thead><tr><th>What</th><th>URL</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`,
    STYLE,
  )
}

function row(what: string, where: string): string {
  return `<tr><td>${what}</td><td>${where}</td></tr>`
}

function link(url: string): string {
  return `<a href="${url}">${url}</a>`
}
