import type { EvaluationInput, LineFacts } from '../sale.ts'
import { bitsFor, type Sets } from './context.ts'
import type { Postings } from './postings.ts'

/** The lines of a slot, and how much of each is not yet used up by other claiming rules. */
export interface View {
  readonly lines: readonly number[]
  /** Thousandths of each of `lines`; `null` where all of every line is free. */
  readonly milli: readonly number[] | null
}

/** No view for what every basket has, then of each line its only view: most rules have no more, and a view never changes. */
const SINGLE: (readonly View[])[] = [[]]

/** What a search for rules reads. */
export interface Searched {
  readonly context: (input: EvaluationInput) => Sets
  readonly postings: Postings
  /** Of each slot its rule: its number, or `~number` where more than the search has to be asked. */
  readonly ruleOfSlot: Int32Array
}

/** The search for rules of one sale after the other, in memory that each uses again. */
export interface Search extends Pick<Searched, 'ruleOfSlot'> {
  /** One slot of each found rule, ascending. */
  readonly found: Int32Array
  /** Writes slots of the rules that context and products reach to `found`, and returns how many. */
  find(input: EvaluationInput): number
  /** The lines of a slot as its rule's only view, `null` where it has none. */
  viewOf(slot: number): readonly View[] | null
}

/** Brings the hits of a sale into the order of their rules; clears after itself what it touched. */
const sorterOf = (ruleOfSlot: Int32Array) => {
  const found = new Int32Array(ruleOfSlot.length)
  const touched = bitsFor(ruleOfSlot.length)
  /** One bit a word of `touched`. */
  const summary = bitsFor(touched.length)
  /** Writes the first slot of each rule among the hits to `found`, ascending, and returns how many. */
  const collect = (hits: readonly number[], count: number): number => {
    for (let i = 0; i < count; i += 1) {
      const slot = hits[i] as number
      const word = slot >> 5
      touched[word] = (touched[word] as number) | (1 << slot)
      summary[word >> 5] = (summary[word >> 5] as number) | (1 << word)
    }
    let size = 0
    let last = found.length
    for (let part = 0; part < summary.length; part += 1) {
      for (let words = summary[part] as number; words !== 0; words &= words - 1) {
        const word = part * 32 + 31 - Math.clz32(words & -words)
        for (let bits = touched[word] as number; bits !== 0; bits &= bits - 1) {
          const slot = word * 32 + 31 - Math.clz32(bits & -bits)
          const rule = ruleOfSlot[slot] as number
          found[size] = slot
          // The slots of a rule follow each other.
          if (rule !== last) size += 1
          last = rule
        }
        touched[word] = 0
      }
      summary[part] = 0
    }
    return size
  }
  return { found, collect }
}

export const searchOf = ({ context, postings, ruleOfSlot }: Searched): Search => {
  const { lists, products, categories, producers, tags } = postings
  const { found, collect } = sorterOf(ruleOfSlot)
  /** The accepted slots that a sale reaches, and by which place: 0 is every basket, 1 the first line. */
  const hits: number[] = []
  const placeOf: number[] = []
  let count = 0
  const reach = (begin: number | undefined, place: number, { a, b, c, d, e }: Sets): void => {
    if (begin === undefined) return
    const last = begin + (lists[begin] as number)
    let end = count
    // Without a branch, which nothing could predict: a slot that is not accepted is overwritten by the next.
    for (let i = begin + 1; i <= last; i += 1) {
      const slot = lists[i] as number
      const word = slot >> 5
      hits[end] = slot
      placeOf[end] = place
      const accepted =
        (a[word] as number) & (b[word] as number) & (c[word] as number) & (d[word] as number) & (e[word] as number)
      end += (accepted >> slot) & 1
    }
    count = end
  }
  /** Of each slot where its first hit may be, and at each first hit the slot's views, made when first asked for. */
  const first = new Int32Array(ruleOfSlot.length)
  const views: (readonly View[])[] = []
  let isViewed = false
  const isHit = (slot: number, before: number): boolean =>
    (first[slot] as number) < before && hits[first[slot] as number] === slot
  const view = (): void => {
    isViewed = true
    for (let i = 0; i < count; i += 1) {
      const slot = hits[i] as number
      const line = (placeOf[i] as number) - 1
      if (!isHit(slot, i)) {
        first[slot] = i
        views[i] = SINGLE[line + 1] as readonly View[]
        continue
      }
      const at = first[slot] as number
      const lines = views[at]?.[0]?.lines as number[]
      // A line that comes by two keys of a slot counts once.
      if (lines[lines.length - 1] === line) continue
      if (lines.length > 1) lines.push(line)
      else views[at] = [{ lines: [...lines, line], milli: null }]
    }
  }
  return {
    ruleOfSlot,
    found,
    find(input) {
      isViewed = false
      count = 0
      const sets = context(input)
      reach(0, 0, sets)
      for (let line = 0; line < input.lines.length; ) {
        const { product } = input.lines[line] as LineFacts
        if (SINGLE.length === line + 1) SINGLE.push([{ lines: [line], milli: null }])
        line += 1
        if (product === undefined) continue
        reach(products.get(product.id), line, sets)
        if (categories.size > 0) for (const category of product.categories) reach(categories.get(category), line, sets)
        if (product.producer !== undefined) reach(producers.get(product.producer), line, sets)
        if (tags.size > 0) for (const tag of product.tags) reach(tags.get(tag), line, sets)
      }
      return collect(hits, count)
    },
    viewOf(slot) {
      if (!isViewed) view()
      return isHit(slot, count) ? (views[first[slot] as number] as readonly View[]) : null
    },
  }
}
