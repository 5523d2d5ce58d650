import { expect } from 'vitest'
import type { Example, ProgramDocument, Rule, Slot } from '../index.ts'
import { validateRules } from '../validate.ts'
import { program } from './samples.ts'

/** What a marketer wants, said as rules that carry their own baskets. */
export type Promotion = readonly [title: string, rules: readonly Rule[]]

/** A basket and what the rule gives for it. */
export const gives = (
  name: string,
  basket: Example['basket'],
  expected: Example['gives'],
  more: Partial<Example> = {},
): Example => ({ name, basket, gives: expected, ...more })

/** Goods of one kind, by the category that they lie in. */
export const goods = (category: string, changes: Partial<Slot> = {}): Slot => ({
  name: category,
  items: { categories: [category] },
  ...changes,
})

/** A line of an example of goods of one category. */
export const of = (
  category: string,
  unitPriceMinor: number,
  more: Partial<Example['basket'][number]> = {},
): Example['basket'][number] => ({ categories: [category], unitPriceMinor, ...more })

export const percent = (share: number) => ({ kind: 'percent', ppm: share * 10_000 }) as const
export const amount = (minor: number) => ({ kind: 'amount', minor }) as const
export const free = percent(100)
export const fixed = (points: number) => ({ kind: 'fixed', points }) as const

/** Valid as a whole set, and each rule gives what each of its examples says; one that gives nothing is always among them. */
export const expectKept = (rules: readonly Rule[], changes: Partial<ProgramDocument> = {}): void => {
  expect(validateRules(rules, program(changes))).toEqual([])
  const examples = rules.flatMap((rule) => rule.examples ?? [])
  const isNothing = (example: Example): boolean => Object.keys(example.gives).length === 0
  expect(examples.some((example) => !isNothing(example))).toBe(true)
  expect(examples.some(isNothing)).toBe(true)
}
