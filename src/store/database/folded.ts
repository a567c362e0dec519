/**
 * Returns the form in which SKUs and user names are compared, which does not depend on the database's locale.
 */
export function folded(name: string): string {
  return name.toLowerCase()
}
