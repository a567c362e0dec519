/** The form in which SKUs and user names are compared, the same under every database's locale. */
export function folded(name: string): string {
  return name.toLowerCase()
}
