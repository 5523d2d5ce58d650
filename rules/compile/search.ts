import type { EvaluationInput } from '../sale.ts'
import type { Bits, ContextIndex } from './context.ts'

/** The lines of a slot, and how much of each is not yet used up by other claiming rules. */
export interface View {
  readonly lines: readonly number[]
  /** Thousandths of each of `lines`; `null` where all of every line is free. */
  readonly milli: readonly number[] | null
}

/** One view of one whole line each: most rules have no more, and a view never changes. */
const SINGLE: (readonly View[])[] = []
const singleOf = (line: number): readonly View[] => {
  for (let next = SINGLE.length; next <= line; next += 1) SINGLE.push([{ lines: [next], milli: null }])
  return SINGLE[line] as readonly View[]
}

/** What a search for rules reads. */
export interface Searched {
  readonly context: ContextIndex
  /** Rule number of each keyed slot. */
  readonly ruleOfSlot: Int32Array
  /** Rules without any keyed slot. */
  readonly wholeBasket: Bits
  readonly firstAccrual: number
}

/** The search for rules of one sale after the other, in memory that each uses again. */
export interface Search {
  /** Numbers of the touched rules, ascending. */
  readonly found: Int32Array
  /** Forgets the last sale, and touches the rules that look at every basket and accept this one. */
  begin(input: EvaluationInput, accrualOnly: boolean): void
  /** Touches the rules of some slots. A line that comes by two keys of a slot counts once: lines come in turn. */
  reach(slots: readonly number[] | undefined, line: number): void
  /** Writes the touched rules to `found`, and returns how many. */
  end(): number
  /** The lines of a slot as its rule's only view, `null` where it has none. */
  viewOf(slot: number): readonly View[] | null
}

/** What a slot has in its row of numbers, which lie together because they are read together; the first is its stamp. */
const WIDTH = 4
const HEAD = 1
const TAIL = 2
const LAST_EPOCH = 0x7fff_ffff

interface Chains extends Pick<Search, 'viewOf'> {
  begin(): void
  note(slot: number, line: number): void
}

/**
 * The lines of each touched slot are a chain. A slot belongs to the running evaluation only when its stamp says so, hence
 * nothing is cleared from sale to sale.
 */
const chainsFor = (slots: number): Chains => {
  const rows = new Int32Array(slots * WIDTH)
  const lineOf: number[] = []
  const next: number[] = []
  let epoch = 0
  let used = 0
  return {
    begin() {
      used = 0
      if (epoch === LAST_EPOCH) {
        epoch = 0
        rows.fill(0)
      }
      epoch += 1
    },
    note(slot, line) {
      const row = slot * WIDTH
      if (rows[row] === epoch) {
        const last = rows[row + TAIL] as number
        if (lineOf[last] === line) return
        next[last] = used
      } else {
        rows[row] = epoch
        rows[row + HEAD] = used
      }
      rows[row + TAIL] = used
      lineOf[used] = line
      next[used] = -1
      used += 1
    },
    viewOf(slot) {
      const row = slot * WIDTH
      if (rows[row] !== epoch) return null
      const first = rows[row + HEAD] as number
      if (first === rows[row + TAIL]) return singleOf(lineOf[first] as number)
      const lines: number[] = []
      for (let entry = first; entry >= 0; entry = next[entry] as number) lines.push(lineOf[entry] as number)
      return [{ lines, milli: null }]
    },
  }
}

export const searchOf = ({ context, ruleOfSlot, wholeBasket, firstAccrual }: Searched, rules: number): Search => {
  const chains = chainsFor(ruleOfSlot.length)
  const hits = new Int32Array(ruleOfSlot.length)
  const touched = wholeBasket.slice()
  const found = new Int32Array(rules)
  let accepting = wholeBasket
  return {
    found,
    begin(input, accrualOnly) {
      chains.begin()
      accepting = context.accepting(input)
      if (accrualOnly) {
        // The price phases do not run on a finished sale.
        const word = firstAccrual >> 5
        accepting.fill(0, 0, word)
        accepting[word] = (accepting[word] as number) & (-1 << (firstAccrual & 31))
      }
      for (let word = 0; word < touched.length; word += 1)
        touched[word] = (wholeBasket[word] as number) & (accepting[word] as number)
    },
    reach(slots, line) {
      if (slots === undefined) return
      let count = 0
      // Without a branch, which nothing could predict: a slot that is not accepted is overwritten by the next.
      for (let i = 0; i < slots.length; i += 1) {
        const slot = slots[i] as number
        const rule = ruleOfSlot[slot] as number
        hits[count] = slot
        count += ((accepting[rule >> 5] as number) >> (rule & 31)) & 1
      }
      for (let i = 0; i < count; i += 1) {
        const slot = hits[i] as number
        const rule = ruleOfSlot[slot] as number
        touched[rule >> 5] = (touched[rule >> 5] as number) | (1 << (rule & 31))
        chains.note(slot, line)
      }
    },
    end() {
      let count = 0
      for (let word = 0; word < touched.length; word += 1) {
        for (let bits = touched[word] as number; bits !== 0; bits &= bits - 1) {
          found[count] = word * 32 + 31 - Math.clz32(bits & -bits)
          count += 1
        }
      }
      return count
    },
    viewOf: chains.viewOf,
  }
}
