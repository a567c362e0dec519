/** The import rule of ARCHITECTURE.md: what each room may import of ours. */
const ROOMS = {
  contract: [],
  api: ['contract'],
  catalog: ['contract'],
  double: ['contract', 'catalog'],
  store: ['contract', 'catalog'],
  wire: ['contract', 'api', 'catalog', 'double'],
}

/** Files that belong to no room, and that a room may import all the same. */
const ALLOWED_FILES = {
  store: ['^migrations/'],
  wire: ['^src/packageRoot\\.ts$'],
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
      name: 'leaves',
      comment:
        'settings, imagePresets, packageRoot, serverUrls and each migration import nothing of ours, but settings its presets',
      severity: 'error',
      from: { path: '^(?:src/(?:settings|imagePresets|packageRoot|serverUrls)\\.ts$|migrations/\\d)' },
      to: { path: '^(?:src|migrations|scripts|bench|test)/', pathNot: '^src/imagePresets\\.ts$' },
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
      severity: 'error',
      from: { pathNot: '^node_modules' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}
