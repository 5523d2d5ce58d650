import { KEYS } from '../evaluate/selects.ts'
import { enlist } from './context.ts'
import type { CompiledRule } from './compiled-rule.ts'

/** From every value that a slot names to where its list begins in `lists`. */
export interface Postings extends Readonly<Record<(typeof KEYS)[number], ReadonlyMap<string, number>>> {
  /** List after list: how many slots, then the slots, ascending. The first is of the slots that every basket reaches. */
  readonly lists: Int32Array
}

export const buildPostings = (rules: readonly CompiledRule[], everyBasket: readonly number[]): Postings => {
  const lists = [everyBasket.length, ...everyBasket]
  const postingsOf = (field: (typeof KEYS)[number]): Map<string, number> => {
    const named = new Map<string, number[]>()
    for (const { slots } of rules)
      for (const { number, items } of slots) for (const value of items?.[field] ?? []) enlist(named, value, number)
    const begins = new Map<string, number>()
    for (const [value, list] of named) {
      begins.set(value, lists.length)
      lists.push(list.length)
      for (const slot of list) lists.push(slot)
    }
    return begins
  }
  const [products, categories, producers, tags] = KEYS.map(postingsOf) as [Begins, Begins, Begins, Begins]
  return { products, categories, producers, tags, lists: new Int32Array(lists) }
}

type Begins = Map<string, number>
