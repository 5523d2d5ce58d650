import { expect, test } from 'vitest'
import { childEnvironment, isLoopback, readEngineConfig, readSettings } from './config.ts'
import type { Secret } from './db/secret.ts'

const secret = 'ab'.repeat(32) as Secret

test('without any setting the defaults of the README hold', () => {
  expect(readSettings({})).toMatchObject({ host: '127.0.0.1', enginePort: 4100, consolePort: 4200, databasePort: 4154 })
})

test('all that is wrong is said at once, and passwords are not repeated', () => {
  const read = () =>
    readSettings({ ENGINE_PORT: '70000', CONSOLE_PORT: 'x', DATABASE_URL: 'mysql://u:geheim@h/d', PREMIA_HOST: 'a b' })
  expect(read).toThrow(/PREMIA_HOST.*ENGINE_PORT.*"70000".*CONSOLE_PORT.*"x".*DATABASE_URL/)
  expect(read).not.toThrow(/geheim/)
})

test('two servers on one port are refused', () => {
  expect(() => readSettings({ ENGINE_PORT: '4200' })).toThrow(/must differ/)
})

test('an address without a database name is refused', () => {
  expect(() => readSettings({ DATABASE_URL: 'postgres://u:p@h:5432' })).toThrow(/must name a database/)
})

test('each child is given what it needs and no other role', () => {
  const database = { url: 'postgres://root:root@h:5432/premia', secret, demo: true }
  const engine = childEnvironment('engine', readSettings({}), database)
  expect(readEngineConfig(engine)).toMatchObject({ port: 4100, demo: true, ownerUrl: undefined })
  expect(engine['PREMIA_DATABASE_JOBS']).toMatch(/^postgres:\/\/premia_jobs:.*@h:5432\/premia_jobs$/)
  const console = childEnvironment('console', readSettings({ PREMIA_HOST: '0.0.0.0' }), database)
  expect(Object.keys(console).filter((name) => name.startsWith('PREMIA_DATABASE'))).toEqual(['PREMIA_DATABASE_CONSOLE'])
  expect(console).toMatchObject({ PREMIA_DEMO: '0', PREMIA_ENGINE_URL: 'http://127.0.0.1:4100' })
  expect(JSON.stringify([engine, console])).not.toContain('root:root')
})

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['192.168.1.4', false],
  ['127.evil.example', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
