export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
  // Only to end what hangs; the clock decides no test, however busy the machine is.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // Other programs, and copies of them that the demo makes; their package names would collide.
  modulePathIgnorePatterns: ['<rootDir>/(examples|.demo|.bench|build|dist)/'],
  extensionsToTreatAsEsm: ['.ts'],
  transformIgnorePatterns: ['/node_modules/(?!@actions/)'],
  transform: {
    '/node_modules/@actions/.+\\.js$': '<rootDir>/scripts/jest/json-imports.mjs',
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' }
    ]
  },
  coverageProvider: 'babel',
  collectCoverageFrom: ['src/rules/**/*.ts'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } }
};
