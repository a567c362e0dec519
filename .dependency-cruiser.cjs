/** The import rule of ARCHITECTURE.md: what each room may import of ours. `text` and `contract` are leaves. */
const ROOMS = {
  contract: [],
  settings: ['contract'],
  text: ['contract'],
  api: ['contract'],
  oauth: ['contract', 'text'],
  catalog: ['contract'],
  magento: ['contract'],
  importing: ['contract', 'catalog', 'magento'],
  comparing: ['contract'],
  double: ['contract', 'text', 'api', 'oauth', 'catalog'],
  images: ['contract', 'text', 'catalog'],
  backup: ['contract', 'catalog'],
  store: ['contract', 'catalog'],
  http: ['contract'],
  wire: ['contract', 'text', 'api', 'oauth', 'catalog', 'http'],
  control: ['contract', 'api', 'oauth', 'catalog', 'double', 'http', 'wire'],
  metrics: ['contract', 'api', 'http', 'wire'],
  server: [
    'contract',
    'settings',
    'text',
    'api',
    'oauth',
    'catalog',
    'double',
    'images',
    'store',
    'http',
    'wire',
    'control',
    'metrics',
  ],
}

/** Files beyond those rooms that a room may import all the same. */
const ALLOWED_FILES = {
  comparing: ['^src/packageRoot\\.ts$'],
  store: [
    '^migrations/',
    '^src/(?:api|control|double|double/explain|oauth)/ports\\.ts$',
    // The facts of a shop that an import moves in are data without behaviour.
    '^src/importing/(?:ports|importRefused|oddity|shopAccess|shopFacts|shopTables)\\.ts$',
    '^src/magento/keyHash\\.ts$',
  ],
  wire: ['^src/packageRoot\\.ts$'],
  control: ['^src/packageRoot\\.ts$'],
  server: ['^src/(?:packageRoot|version|serverUrls)\\.ts$'],
}

const roomRules = Object.entries(ROOMS).map(([room, others]) => ({
  name: `${room}-imports`,
  comment: `src/${room} may import only ${['itself', ...others].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^(?:src|migrations)/',
    pathNot: [...[room, ...others].map((allowed) => `^src/${allowed}/`), ...(ALLOWED_FILES[room] ?? [])],
  },
}))

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'library-in-a-test',
      comment:
        'what a test loads of src/library needs types alone of the server, which runs in a process of its own',
      severity: 'error',
      from: { path: '^src/library/', pathNot: '^src/library/host\\.ts$' },
      to: {
        path: '^(?:src|migrations)/',
        pathNot: '^src/(?:library/(?!host\\.ts$)|(?:packageRoot|serverUrls)\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'parts-of-the-double',
      comment:
        'rules and journal do not import each other, nor explain; explain reads what the journal keeps',
      severity: 'error',
      from: { path: '^src/double/(rules|journal)/' },
      to: { path: '^src/double/(?:rules|journal|explain)/', pathNot: '^src/double/$1/' },
    },
    {
      name: 'commands-without-protocols',
      comment: 'a command that serves nothing loads neither Express nor a protocol, be it by way of others',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '^src/cli/(?:start|compare|ownServer|program)\\.ts$' },
      to: { path: '^src/(?:http|wire)/|(?:^|/)node_modules/(?:@types/)?express/', reachable: true },
    },
    {
      name: 'start-when-asked-for',
      comment: 'a command that serves is loaded when it is run, for it loads all that the others go without',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/cli/(?:start|compare)\\.ts$', dynamic: false },
    },
    {
      name: 'leaves',
      comment:
        'packageRoot, serverUrls and each migration import nothing of ours, but for a table that never changes',
      severity: 'error',
      from: { path: '^(?:src/(?:packageRoot|serverUrls)\\.ts$|migrations/\\d)' },
      to: {
        path: '^(?:src|migrations|scripts|bench|test)/',
        pathNot: '^src/contract/sameLetters\\.ts$',
      },
    },
    {
      name: 'list-of-migrations',
      comment: 'migrations/index.ts imports the migrations alone',
      severity: 'error',
      from: { path: '^migrations/index\\.ts$' },
      to: { path: '^(?:src|scripts|bench|test)/' },
    },
    {
      name: 'nothing-beside-the-product',
      comment: 'what is served needs no script, benchmark or test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:scripts|bench|test)/' },
    },
    {
      name: 'no-cycles',
      comment: 'no file imports itself by way of others',
      severity: 'error',
      from: { pathNot: '^node_modules' },
      to: { circular: true },
    },
    {
      name: 'no-cycles-of-folders',
      comment: 'no two folders import each other, be it by way of others',
      scope: 'folder',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}
