/** A path of the control API that names an access token, from a client that may have misspelt it. */
const WITH_TOKEN = /^(.*\/_keepsake\/+tokens\/+).+$/is

/** Returns the path as a log may show it: without the name of an access token. */
export function shownPath(path: string): string {
  return path.replace(WITH_TOKEN, '$1…')
}
