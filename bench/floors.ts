import { readFileSync } from 'node:fs'
import http from 'node:http'
import express from 'express'
import { Pool } from 'pg'

/**
 * The fastest possible servers: they read the request and answer fixed bytes; the one with Express first runs one SQL
 * statement.
 */
const FLOORS: Readonly<Record<string, (answer: Buffer) => http.RequestListener>> = {
  http: (answer) => (request, response) => {
    request
      .resume()
      .on('end', () => response.setHeader('content-type', 'text/xml; charset=UTF-8').end(answer))
  },

  express: (answer) => {
    const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
    const application = express()
    application.use(express.raw({ type: () => true, limit: '64mb' }), async (_request, response) => {
      await pool.query({ name: 'floor', text: 'SELECT $1::int AS one', values: [1] })
      response.setHeader('content-type', 'text/xml; charset=UTF-8')
      response.end(answer)
    })
    return application
  },
}

const [kind = '', answerFile = ''] = process.argv.slice(2)
const floor = FLOORS[kind]
if (!floor) throw new Error(`no such floor: ${kind}`)
const server = http.createServer(floor(readFileSync(answerFile)))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening on a port')
  process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})
process.once('SIGTERM', () => process.exit(0))
