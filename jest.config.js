/** Suites that need more than Node, or processes or minutes, and the directories and files of each. */
const SUITES = {
  processes: ['cli/', 'cluster/', 'library/', 'operation/', 'scripts/', 'structure.test.ts'],
  shops: ['shops/'],
  interop: ['interop/'],
  fuzz: ['fuzz/'],
  hostile: ['hostile/'],
  crash: ['crash/'],
  failures: ['failures/'],
  browser: ['browser/'],
  runtimes: ['runtimes/'],
}

const shared = {
  testEnvironment: 'node',
  // Copies of the project, which `npm run test:mutation` makes.
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        // PGlite and what else is an ES module alone is loaded by `import()`, which must stay what it is.
        module: { type: 'commonjs', ignoreDynamic: true },
      },
    ],
  },
}

const suite = ([displayName, paths]) => ({
  ...shared,
  displayName,
  testMatch: paths.map((path) => `<rootDir>/test/${path.endsWith('/') ? `${path}**/*.test.ts` : path}`),
})

/** `unit` needs Node alone, starts no process, and is what one runs all the time: whatever no other suite has. */
const unit = {
  ...shared,
  displayName: 'unit',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...Object.values(SUITES)
      .flat()
      .map((path) => `<rootDir>/test/${path}`),
  ],
  testEnvironment: '<rootDir>/test/support/embedded/environment.ts',
  moduleNameMapper: { '^@electric-sql/pglite$': '<rootDir>/test/support/embedded/pglite.ts' },
}

module.exports = { testTimeout: 120_000, projects: [unit, ...Object.entries(SUITES).map(suite)] }
