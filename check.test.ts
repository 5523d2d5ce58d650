import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The linters are only worth something while they really run: planted faults must be found.
const folder = 'engine/planted-faults'
const run = (command: string, args: readonly string[]): string => {
  try {
    return execFileSync(`node_modules/.bin/${command}`, args, { encoding: 'utf8', stdio: 'pipe', timeout: 60_000 })
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout)
  }
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}/floating.ts`,
    `const work = async (): Promise<void> => {}\nexport const start = (): void => {\n  work()\n}\n`,
  )
  writeFileSync(
    `${folder}/long.ts`,
    `export const long = (): number => {\n  let n = 0\n${'  n += 1\n'.repeat(80)}  return n\n}\n`,
  )
  writeFileSync(`${folder}/backwards.ts`, `export * from '../../console/kit/model/section.ts'\n`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a promise that nobody awaits fails the check', () => {
  expect(run('oxlint', ['--type-aware', folder])).toContain('no-floating-promises')
})

test('a function beyond 70 lines fails the check', () => {
  expect(run('oxlint', ['--type-aware', folder])).toContain('max-lines-per-function')
})

test('an engine file that imports the console fails the check', () => {
  const report = run('depcruise', ['--config', '.dependency-cruiser.cjs', folder])
  expect(report).toContain('engine-not-console')
})
