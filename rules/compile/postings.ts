import { KEYS } from '../evaluate/selects.ts'
import type { CompiledRule } from './compiled-rule.ts'

/** From every value that a slot names to the slots that name it, ascending. */
export type Postings = Readonly<Record<(typeof KEYS)[number], ReadonlyMap<string, readonly number[]>>>

export const buildPostings = (rules: readonly CompiledRule[]): Postings => {
  const postings = {
    products: new Map<string, number[]>(),
    categories: new Map<string, number[]>(),
    producers: new Map<string, number[]>(),
    tags: new Map<string, number[]>(),
  }
  for (const { slots } of rules) {
    for (const { number, items } of slots) {
      for (const field of KEYS) {
        for (const value of items?.[field] ?? []) {
          const list = postings[field].get(value)
          if (list === undefined) postings[field].set(value, [number])
          else if (list[list.length - 1] !== number) list.push(number)
        }
      }
    }
  }
  return postings
}
