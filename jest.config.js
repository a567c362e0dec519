const shared = {
  testEnvironment: 'node',
  transform: { '\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }] },
}

/**
 * `unit` needs only Node; `interop` needs PHP and says so when it is missing; `fuzz` and `crash` take minutes; `failures`
 * breaks what is around a server; `browser` needs a Chromium.
 */
module.exports = {
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '/test/interop/',
        '/test/fuzz/',
        '/test/crash/',
        '/test/failures/',
        '/test/hostile/',
        '/test/browser/',
      ],
    },
    { ...shared, displayName: 'interop', testMatch: ['<rootDir>/test/interop/**/*.test.ts'] },
    { ...shared, displayName: 'fuzz', testMatch: ['<rootDir>/test/fuzz/**/*.test.ts'] },
    { ...shared, displayName: 'crash', testMatch: ['<rootDir>/test/crash/**/*.test.ts'] },
    { ...shared, displayName: 'failures', testMatch: ['<rootDir>/test/failures/**/*.test.ts'] },
    { ...shared, displayName: 'hostile', testMatch: ['<rootDir>/test/hostile/**/*.test.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
  ],
}
