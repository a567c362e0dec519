import suites from './jest.config.js'

// Without the shared embedded databases: Stryker puts its own environment in the place of theirs.
const { moduleNameMapper: _, ...unit } = suites.projects[0]

/**
 * Changes the code in small ways and looks whether a test of `npm test` notices. On demand, for it takes hours in full:
 * `npm run test:mutation -- --mutate src/catalog/fileName.ts` takes one file.
 */
export default {
  mutate: [
    'src/catalog/**/*.ts',
    'src/api/**/*.ts',
    'src/wire/*/decode.ts',
    'src/wire/{xml,json}/**/*.ts',
    'src/wire/oauth/**/*.ts',
  ],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  jest: {
    projectType: 'custom',
    config: { ...unit, testEnvironment: 'jest-environment-node', testTimeout: suites.testTimeout },
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  dryRunTimeoutMinutes: 60,
  disableTypeChecks: false,
  ignorePatterns: ['docs', 'keepsake-data', 'reports'],
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, logTests: false },
  plugins: ['@stryker-mutator/jest-runner'],
}
