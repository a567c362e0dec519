/** Asks the control API of a server, and expects it to do what was asked. */
export async function control(
  serverUrl: string,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(`${serverUrl}/_keepsake${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** The settings of a throw-away server that is a test double. */
export const DOUBLE: NodeJS.ProcessEnv = { KEEPSAKE_MEMORY: 'true', KEEPSAKE_DOUBLE: 'true' }
