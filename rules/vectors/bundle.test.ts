import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'
import type * as rulesPackage from '../index.ts'
import { browserBundle } from '../testing/browser-bundle.ts'
import { readVectors } from '../testing/build-vectors.ts'
import type * as validation from '../validate.ts'

type Bundle = typeof rulesPackage & typeof validation

/** The bundle in a realm that makes no code from text. */
const loadBundle = async (): Promise<Bundle> => {
  const context = createContext({ TextEncoder }, { codeGeneration: { strings: false, wasm: false } })
  runInContext(await browserBundle(), context)
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
