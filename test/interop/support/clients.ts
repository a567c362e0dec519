import path from 'node:path'

export type Protocol = 'v1' | 'v2' | 'WS-I' | 'XML-RPC'

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: readonly string[]]

/** A client of test/interop/clients. */
export interface Client {
  readonly name: string
  readonly protocols: readonly Protocol[]
  /** The Debian packages that it needs. */
  readonly packages: readonly string[]
  /** Succeeds where they are installed. */
  readonly check: Command
  /**
   * What makes the program from the WSDL, in a directory of its own; without it, the program is a script. The names of what
   * is made from the WSDL begin with that of the WSDL, `Magento` unless given.
   */
  readonly build?: (wsdl: string, name?: string) => readonly Command[]
  /** The program, which is run in that directory. */
  readonly run: Command
}

const PROGRAMS = path.join(__dirname, '..', 'clients')
const program = (...names: readonly string[]) => path.join(PROGRAMS, ...names)

/** Debian's Python, to which Debian's packages belong. */
const PYTHON = '/usr/bin/python3'

/** Axis and what it needs, where Debian puts them. */
const AXIS_JARS = [
  'axis',
  'axis-jaxrpc',
  'axis-saaj',
  'wsdl4j',
  'commons-logging',
  'commons-discovery',
  'javax.activation',
  'javax.mail',
].map((name) => `/usr/share/java/${name}.jar`)
const AXIS_CLASS_PATH = [...AXIS_JARS, '.'].join(':')

/** Copies a program to where it is made, for classes of that name. */
function copyNaming(source: string, name: string): Command {
  return ['sh', '-c', `sed 's/Magento/${name}/g' "$0" > "$1"`, source, path.basename(source)]
}

/** .NET's own client, by Mono: its `wsdl` is what .NET calls `wsdl.exe`. */
function monoClient(protocol: Protocol, source: string): Client {
  return {
    name: 'Mono wsdl',
    protocols: [protocol],
    packages: ['mono-devel'],
    check: ['sh', '-c', 'command -v wsdl && command -v mcs && command -v mono'],
    build: (wsdl, name = 'Magento') => [
      ['wsdl', '-out:Proxy.cs', wsdl],
      copyNaming(program('mono', source), name),
      [
        'mcs',
        '-r:System.Web.Services',
        '-r:System.Xml',
        '-out:client.exe',
        program('mono', 'Steps.cs'),
        source,
        'Proxy.cs',
      ],
    ],
    run: ['mono', 'client.exe'],
  }
}

export const CLIENTS: readonly Client[] = [
  {
    name: 'PHP SoapClient',
    protocols: ['v1', 'v2', 'WS-I'],
    packages: ['php-cli', 'php-soap'],
    check: ['php', '-r', 'exit(extension_loaded("soap") ? 0 : 1);'],
    run: ['php', '-d', 'soap.wsdl_cache_enabled=0', program('php', 'client.php')],
  },
  {
    name: 'zeep',
    protocols: ['v1', 'v2', 'WS-I'],
    packages: ['python3', 'python3-zeep'],
    check: [PYTHON, '-c', 'import zeep'],
    run: [PYTHON, program('zeep', 'client.py')],
  },
  {
    name: 'suds',
    protocols: ['v1', 'v2'],
    packages: ['python3', 'python3-suds'],
    check: [PYTHON, '-c', 'import suds'],
    run: [PYTHON, program('suds', 'client.py')],
  },
  {
    name: 'SOAP::Lite',
    protocols: ['v1'],
    packages: ['perl', 'libsoap-lite-perl'],
    check: ['perl', '-MSOAP::Lite', '-e', '1'],
    run: ['perl', program('soap-lite', 'client.pl')],
  },
  {
    name: 'gSOAP',
    protocols: ['v2'],
    packages: ['gsoap', 'libgsoap-dev', 'g++', 'pkg-config'],
    check: [
      'sh',
      '-c',
      'command -v wsdl2h && command -v soapcpp2 && command -v g++ && pkg-config --exists gsoap++',
    ],
    build: (wsdl) => [
      ['wsdl2h', '-o', 'api.h', wsdl],
      ['soapcpp2', '-C', '-j', '-x', '-I/usr/share/gsoap/import', 'api.h'],
      [
        'sh',
        '-c',
        'g++ -O0 -I. $(pkg-config --cflags gsoap++) "$0" soapC.cpp soapBindingProxy.cpp $(pkg-config --libs gsoap++) -o client',
        program('gsoap', 'client.cpp'),
      ],
    ],
    run: ['./client'],
  },
  {
    name: 'Axis 1.4',
    protocols: ['v2'],
    packages: ['libaxis-java', 'default-jdk-headless'],
    check: ['sh', '-c', `command -v javac && ls ${AXIS_JARS.join(' ')}`],
    build: (wsdl, name = 'Magento') => [
      ['java', '-cp', AXIS_CLASS_PATH, 'org.apache.axis.wsdl.WSDL2Java', '-o', '.', wsdl],
      copyNaming(program('axis', 'Client.java'), name),
      ['javac', '-nowarn', '-cp', AXIS_CLASS_PATH, '-d', '.', 'Client.java'],
    ],
    run: ['java', '-cp', AXIS_CLASS_PATH, 'Client'],
  },
  monoClient('v1', 'V1Client.cs'),
  monoClient('v2', 'V2Client.cs'),
  {
    name: 'node-soap',
    protocols: ['v1', 'v2', 'WS-I'],
    packages: [],
    check: [process.execPath, '--version'],
    run: [process.execPath, program('node-soap', 'client.mjs')],
  },
  {
    name: 'Python xmlrpc.client',
    protocols: ['XML-RPC'],
    packages: ['python3'],
    check: [PYTHON, '-c', 'import xmlrpc.client'],
    run: [PYTHON, program('python-xmlrpc', 'client.py')],
  },
  {
    name: 'Ruby xmlrpc',
    protocols: ['XML-RPC'],
    packages: ['ruby', 'ruby-xmlrpc'],
    check: ['ruby', '-rxmlrpc/client', '-e', '1'],
    run: ['ruby', program('ruby-xmlrpc', 'client.rb')],
  },
  {
    name: 'Perl XMLRPC::Lite',
    protocols: ['XML-RPC'],
    packages: ['perl', 'libxmlrpc-lite-perl'],
    check: ['perl', '-MXMLRPC::Lite', '-e', '1'],
    run: ['perl', program('perl-xmlrpc', 'client.pl')],
  },
]
