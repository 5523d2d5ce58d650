import preact from '@preact/preset-vite'
import { defineConfig } from 'vitest/config'

/**
 * FC_RUNS   runs of each property (fast-check), 500 by default and fewer where each run meets a database
 * TEST_POSTGRES_BIN=/usr/lib/postgresql/15/bin   runs all on another PostgreSQL than the embedded one
 *
 * engine, console and bench share one real PostgreSQL (and Redis where installed) that the run starts itself; each test
 * file copies its migrated template. Root, rules and pos-sdk need none. Processes instead of threads, because tests kill and
 * spawn servers; two of them, as the machines have two cores.
 */
const shared = {
  testTimeout: 30_000,
  hookTimeout: 60_000,
  exclude: ['**/node_modules/**', '**/build/**', '**/data/**'],
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      { test: { ...shared, name: 'pure', include: ['*.test.ts', '{rules,pos-sdk}/**/*.test.ts'] } },
      {
        plugins: [preact()],
        test: {
          ...shared,
          name: 'server',
          include: ['{engine,console,bench}/**/*.test.{ts,tsx}'],
          globalSetup: ['./engine/testing/global-setup.ts'],
        },
      },
    ],
  },
})
