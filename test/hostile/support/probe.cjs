/**
 * Loaded into the server before its own code (`node --require`): tells how long its event loop was kept from turning,
 * in CPU time of the main thread. A timer fires in every turn that is due one; what the thread has worked since it last
 * fired is at least the longest callback in between. Waiting for a processor, on a busy machine, is not counted, and the
 * threads of libvips, zlib and the file system are not either: none of them keeps the loop from turning.
 */
const { readFileSync } = require('node:fs')
const { createServer } = require('node:http')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

const INTERVAL_MS = 2

/** Linux counts the nanoseconds of each thread; the main thread has the number of the process. */
const SCHEDULE = `/proc/self/task/${process.pid}/schedstat`

function workedMs() {
  return Number(readFileSync(SCHEDULE, 'latin1').split(' ')[0]) / 1e6
}

let before = workedMs()
let longest = 0

setInterval(() => {
  const now = workedMs()
  longest = Math.max(longest, now - before)
  before = now
}, INTERVAL_MS).unref()

createServer((request, response) => {
  if (request.method === 'POST') {
    collectGarbage()
    collectGarbage()
    longest = 0
    before = workedMs()
  }
  response.end(JSON.stringify({ longestTurnMs: longest, rssBytes: process.memoryUsage.rss() }))
})
  .listen(process.env.KEEPSAKE_PROBE_SOCKET)
  .unref()
