import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'
import type { Outcome, Rule, WhyNot } from './index.ts'
import { sentence } from './sentence.ts'
import { group, line, product, program, sale } from './testing/samples.ts'
import { validateRules } from './validate.ts'

const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'rules.md'), 'utf8')
const guide = [...text.matchAll(/```json\n([\s\S]*?)```\n> (.*)/g)].map(([, json, said]) => ({
  rule: JSON.parse(json as string) as Rule,
  said,
}))
const of = program({ groups: [group('offers', 'best')], returnWindowDays: 14 })
const facts = { categories: [{ id: 'creams', parent: 'cosmetics' }, { id: 'cosmetics' }, { id: 'syringes' }] }
const rules = guide.map(({ rule }) => rule)

describe('the guide for writing rules', () => {
  test('every rule of it carries examples, and all of them hold together', () => {
    expect(guide.length).toBe(13)
    expect(rules.filter(({ examples }) => examples === undefined)).toEqual([])
    expect(validateRules(rules, of, facts)).toEqual([])
  })

  test.each(guide.map(({ rule, said }): [string, Rule, string] => [rule.id, rule, said as string]))(
    '%s reads as the guide says',
    (_, rule, said) => {
      expect(sentence(rule, 'en', {}, of)).toBe(said)
    },
  )

  test('an example that does not hold is refused with the words of the guide', () => {
    const [base] = rules as [Rule]
    const [first] = base.examples as NonNullable<Rule['examples']>
    const wrong = { ...base, examples: [{ ...first, gives: { points: 12 } }] } as Rule
    const quoted = 'Example “a reimbursed pack”: the rule gives 11 points, not 12.'
    expect(validateRules([wrong], of, facts)[0]?.reason).toBe(quoted)
    expect(text.replace(/\s+/g, ' ')).toContain(quoted)
  })

  test('names every effect, phase, beneficiary, basis and mode that there is', () => {
    const words = [
      'points multiply setPrice priceOff priceTiers bundlePrice basketOff basketSteps gift pointsPay voucherIssue message',
      'price line basket payment accrual.base accrual.bonus customer staff owner organizer',
      'gross afterLine afterBasket copayment paidInMoney stack first best worst sumCapped allow deny escrow frozen readjudicated',
    ].flatMap((list) => list.split(' '))
    expect(words.filter((word) => !new RegExp(`[\`"]${word}[\`"]`).test(text))).toEqual([])
  })
})

describe('the code for integrators', () => {
  const folder = mkdtempSync(join(tmpdir(), 'premia-guide-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('runs as it stands', async () => {
    const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1] as string
    const [imports, body] = code.split('\n\n') as [string, string]
    const { outputFiles } = await build({
      stdin: {
        contents: `${imports.replaceAll(/'@premia\/rules(\/\w+)?'/g, (_, entry: string | undefined) => `'./${entry?.slice(1) ?? 'index'}.ts'`)}
          export const run = (rules, program, input, loadCounter, book) => { ${body} return { issues, outcome, why } }`,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      bundle: true,
      format: 'esm',
      write: false,
    })
    const file = join(folder, 'guide.mjs')
    writeFileSync(file, outputFiles[0]?.text ?? '')
    const { run } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      run: (...args: readonly unknown[]) => { issues: unknown[]; outcome: Outcome; why: WhyNot }
    }
    const input = sale([line(1, { product: product('P', { producer: 'Acme' }), quantityMilli: 5000 })], {
      at: { date: '2026-11-20', minute: 990, weekday: 5, holiday: false },
    })
    const booked: unknown[] = []
    const weekend = rules.filter(({ id }) => id === 'weekend')
    const told = run(
      weekend,
      of,
      input,
      () => 170,
      (...all: unknown[]) => booked.push(...all),
    )
    expect(told.issues).toEqual([])
    expect(told.outcome.applied).toMatchObject([{ points: 30, text: 'receipt.weekend', cut: { wanted: 40 } }])
    expect(booked).toEqual([told.outcome.awards, told.outcome.claims])
    expect(
      run(
        weekend,
        of,
        { ...input, lines: [line(1)] },
        () => 0,
        () => 0,
      ).why,
    ).toEqual({
      kind: 'noSuchLine',
      slot: 'packs',
    })
  })
})
