import {
  filled,
  HERE,
  type HostileInput,
  jsonRpc,
  listWith,
  loginWith,
  MB,
  soap,
  withBytes,
} from './requests'

/** Inputs that are sent so many times at once. */
export interface Together extends HostileInput {
  readonly count: number
}

const LOGIN = `{"jsonrpc":"2.0","id":1,"method":"login","params":[${HERE},"key"]}`

/** What is turned away is answered with fault 1. */
const DENIED = /^200 .*(?:Access denied|Internal Error)/s
const MISSING = /^200 .*(?:Required parameter is missing|Internal Error)/s
const FAULT = /^(?:200|500) .*Fault/s

/** Each is withstood alone; together they must not take as many times the memory of one. */
export const TOGETHER: readonly Together[] = [
  {
    name: '3 × JSON-RPC: a text of 42 MB',
    count: 3,
    request: () => jsonRpc(withBytes(LOGIN, withBytes(`"${HERE}"`, filled(42 * MB, 'a')))),
    says: DENIED,
  },
  {
    name: '12 × JSON-RPC: a text of 10 MB of escapes, and a wide character',
    count: 12,
    request: () => jsonRpc(withBytes(LOGIN, withBytes(`"${HERE}€"`, filled(10 * MB, 'a\\n')))),
    says: DENIED,
  },
  {
    name: '100 × JSON-RPC: 200,000 objects',
    count: 100,
    request: () => jsonRpc(withBytes(LOGIN, `[${'{},'.repeat(200_000)}{}]`)),
    says: MISSING,
  },
  {
    name: '100 × SOAP: 200,000 elements',
    count: 100,
    request: ({ session }) => soap(listWith(session, `<args>${'<a/>'.repeat(200_000)}</args>`)),
    says: FAULT,
  },
  {
    name: '2 × SOAP: a text of 60 MB of references',
    count: 2,
    request: () => soap(withBytes(loginWith(HERE), filled(60 * MB, '&lt;'))),
    says: FAULT,
  },
]
