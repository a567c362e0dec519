import { Exchange } from '../../src/contract/exchange'
import { carriedContext, type RequestContext, requestContext } from '../../src/contract/request'

const ORIGIN = { publicUrl: 'http://shop.example', clientAddress: '192.0.2.1', isConfidential: true }
const AUTHOR = { user: 'Anna', consumer: null, token: null, protocol: 'soap_v1', clientAddress: '192.0.2.1' }

/** A request in which a call has logged in and entered a store view. */
function underWay(): RequestContext {
  const request = requestContext(ORIGIN)
  request.notes.noteProtocol('jsonrpc')
  request.notes.noteOperation('multiCall')
  request.notes.noteUser('Anna')
  request.notes.noteSession('its session')
  request.scope.nameAuthor(AUTHOR)
  request.scope.enterStore(2)
  return request
}

describe('a carried call that is shared', () => {
  it('acts for the same author, and in the store view that the last has entered', () => {
    const request = underWay()
    carriedContext(request, 'shared').scope.enterStore(1)
    expect(carriedContext(request, 'shared').scope).toMatchObject({ currentStore: 1, author: AUTHOR })
  })

  it('begins with what was noted, and notes for itself', () => {
    const request = underWay()
    const { notes } = carriedContext(request, 'shared')
    notes.noteOperation('product_media.list')
    notes.noteFaultCode(101)
    expect(notes).toMatchObject({
      observed: { protocol: 'jsonrpc', operation: 'product_media.list', user: 'Anna', fault: 101 },
      sessionId: 'its session',
    })
    expect(request.notes.observed).toEqual({ protocol: 'jsonrpc', operation: 'multiCall', user: 'Anna' })
  })
})

test('a carried call that is separate begins with the protocol alone', () => {
  const request = underWay()
  const { origin, scope, notes } = carriedContext(request, 'separate')
  expect(origin).toBe(ORIGIN)
  expect(scope).toMatchObject({ currentStore: 0, author: null })
  expect(notes).toMatchObject({ observed: { protocol: 'jsonrpc' }, sessionId: null, carried: [] })
  scope.enterStore(1)
  expect(request.scope.currentStore).toBe(2)
})

test('what was noted of carried calls is kept in their order, with those that they carried themselves', () => {
  const request = requestContext(ORIGIN)
  const outer = carriedContext(request, 'separate')
  outer.notes.noteOperation('multiCall')
  const inner = carriedContext(outer, 'shared')
  inner.notes.noteOperation('product_media.list')
  inner.notes.noteShortage('database')
  expect(request.notes.carried).toEqual([])
  outer.notes.noteCarried(inner.notes)
  request.notes.noteCarried(outer.notes)
  expect(request.notes.carried).toEqual([
    { operation: 'multiCall', shed: 'database' },
    { operation: 'product_media.list', shed: 'database' },
  ])
  expect(request.notes.observed).toEqual({ shed: 'database' })
})

test('a test double keeps the first fault that is answered, and the log line names the last', () => {
  const head = { method: 'POST', target: '/api/soap/', headers: {} }
  const exchange = new Exchange(head, new AbortController().signal)
  const { notes } = requestContext(ORIGIN, exchange)
  notes.noteFaultCode(101)
  expect(exchange.fault).toBeNull()
  notes.noteFault({ code: 5, message: 'first' })
  notes.noteFault({ code: 2, message: 'second' })
  expect(exchange.fault).toEqual({ code: 5, message: 'first' })
  expect(notes.observed.fault).toBe(2)
})
