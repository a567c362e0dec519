import { createHash } from 'node:crypto'

/** The style of a page, and what its policy says of it. */
export interface PageStyle {
  readonly css: string
  readonly hash: string
}

const COMMON = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
strong, code { overflow-wrap: anywhere }
`

/** The style that every page has, and a page's own behind it. */
export function pageStyle(own: string): PageStyle {
  const css = COMMON + own
  return { css, hash: createHash('sha256').update(css).digest('base64') }
}

/** A whole page around the HTML of its main part. @param title plain text, without characters special to HTML */
export function pageOf(title: string, main: string, { css }: PageStyle): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Keepsake</title>
<style>${css}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`
}

/**
 * The headers of a page: nothing but its own style, no script, no frame around it.
 *
 * @param formActions where its form may lead, in the policy's words
 */
export function pageHeaders({ hash }: PageStyle, formActions = "'none'"): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action ${formActions}; frame-ancestors 'none'; base-uri 'none'`,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}
