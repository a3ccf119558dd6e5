export default {
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/examples', '<rootDir>/dist', '<rootDir>/build', '<rootDir>/.demo'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // Copies of projects that tests and the demo make; their package names would collide.
  modulePathIgnorePatterns: ['<rootDir>/(.demo|.bench|build|dist)/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' }
    ]
  },
  coverageProvider: 'babel',
  collectCoverageFrom: ['src/rules/**/*.ts'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } }
};
