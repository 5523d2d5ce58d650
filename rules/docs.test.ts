import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileRuleSet, type Rule } from './index.ts'
import { sentence } from './sentence.ts'
import { group, program } from './testing/samples.ts'
import { validateRules } from './validate.ts'

const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'rules.md'), 'utf8')
const examples = [...text.matchAll(/```json\n([\s\S]*?)```\n> (.*)/g)].map(([, json, said]) => ({
  rule: JSON.parse(json as string) as Rule,
  said,
}))
const withGroup = program({ groups: [group('offers', 'best')] })

test('every example of the guide is a valid rule that reads as the guide says', () => {
  expect(examples.length).toBe(6)
  for (const { rule, said } of examples) {
    expect(validateRules([rule], withGroup), rule.id).toEqual([])
    expect(sentence(rule, 'en', {}, withGroup)).toBe(said)
  }
})

test('the examples compile together', () => {
  expect(
    compileRuleSet(
      examples.map(({ rule }) => rule),
      withGroup,
    ).stats.rules,
  ).toBe(6)
})
