/** Bytes as text, for a value that a client may use for either. Those that are no UTF-8 are kept one by one: they are no text, and what judges them must see that. */
export function bytesAsText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes.toString('latin1')
}

/** What base64 stands for. PHP skips what is not of the alphabet; Node would take `-` and `_` for letters of it. */
export function base64AsText(base64: string): string {
  return bytesAsText(Buffer.from(base64.replace(/[-_=]/g, ''), 'base64'))
}
