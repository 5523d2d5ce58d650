import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import type * as rulesPackage from '../index.ts'
import { readVectors } from '../testing/build-vectors.ts'
import type * as validation from '../validate.ts'

type Bundle = typeof rulesPackage & typeof validation

/** The package as a browser loads it: bundled, minified, with nothing of Node and no code made from text. */
const loadBundle = async (): Promise<Bundle> => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './index.ts'\nexport * from './validate.ts'`,
      resolveDir: join(import.meta.dirname, '..'),
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'bundle',
    target: 'es2022',
    platform: 'browser',
    write: false,
  })
  const context = createContext({ TextEncoder }, { codeGeneration: { strings: false, wasm: false } })
  runInContext(outputFiles[0]?.text ?? '', context)
  return runInContext('bundle', context) as Bundle
}

test('the browser bundle gives every golden vector its bytes, where new Function and eval are forbidden', async () => {
  const { canonicalJson, compileRuleSet, evaluate, sha256Hex, validateRules } = await loadBundle()
  for (const { name, rules, program, input, counters, hash } of [...readVectors().values()].flat()) {
    expect(validateRules(JSON.parse(JSON.stringify(rules))).length, name).toBe(0)
    const { ruleSet: _, ...outcome } = evaluate(compileRuleSet(rules, program), input, counters)
    expect(sha256Hex(canonicalJson(outcome)), name).toBe(hash)
  }
})
