// Run by each version of Node: what a project in JavaScript does with the package first.
const { startKeepsake } = require('../../..')

async function main() {
  const keepsake = await startKeepsake()
  try {
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'login',
      params: [keepsake.user.username, keepsake.user.apiKey],
    }
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${keepsake.url}/api/jsonrpc/`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    const { result } = await answer.json()
    const entries = await keepsake.control.journal.list()
    console.log(JSON.stringify({ session: result, methods: entries.map(({ method }) => method) }))
  } finally {
    await keepsake.stop()
  }
}

main()
