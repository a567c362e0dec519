import { createHash } from 'node:crypto'

/** The style sheet of a page, and its hash for the Content-Security-Policy. */
export interface PageStyle {
  readonly css: string
  readonly hash: string
}

const COMMON = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
strong, code { overflow-wrap: anywhere }
`

/** Joins the style sheet that all pages share and the page's own. */
export function pageStyle(own: string): PageStyle {
  const css = COMMON + own
  return { css, hash: createHash('sha256').update(css).digest('base64') }
}

/** Returns a whole HTML page. @param title plain text without characters that are special in HTML @param main HTML */
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
 * Returns the headers of a page. They allow its own style sheet, and forbid scripts, other files and frames.
 *
 * @param formActions the URLs to which its form may be sent, as a Content-Security-Policy writes them
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
