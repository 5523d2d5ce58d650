import { type Bits, bitsFor } from './context.ts'

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

/** Memory that every evaluation of a set uses again. */
export interface Scratch {
  readonly touched: Bits
  /** Rows of postings that the line at hand reaches. */
  readonly rows: number[]
  /** Numbers of the touched rules, ascending. */
  readonly found: Int32Array
  begin(): void
  /** A line that comes by two keys of a slot counts once: lines come one after the other. */
  note(slot: number, line: number): void
  /** The lines of a slot as its rule's only view, `null` where it has none. */
  viewOf(slot: number): readonly View[] | null
}

/**
 * The lines of each touched slot are a chain. A slot belongs to the running evaluation only when its stamp says so, hence
 * nothing is ever cleared.
 */
export const scratchFor = (rules: number, slots: number): Scratch => {
  const stamp = new Uint32Array(slots)
  const head = new Int32Array(slots)
  const tail = new Int32Array(slots)
  const lineOf: number[] = []
  const next: number[] = []
  let epoch = 0
  let used = 0
  return {
    touched: bitsFor(rules),
    rows: [],
    found: new Int32Array(rules),
    begin() {
      used = 0
      epoch += 1
      if (epoch < 0xffff_ffff) return
      stamp.fill(0)
      epoch = 1
    },
    note(slot, line) {
      if (stamp[slot] === epoch) {
        const last = tail[slot] as number
        if (lineOf[last] === line) return
        next[last] = used
      } else {
        stamp[slot] = epoch
        head[slot] = used
      }
      tail[slot] = used
      lineOf[used] = line
      next[used] = -1
      used += 1
    },
    viewOf(slot) {
      if (stamp[slot] !== epoch) return null
      const first = head[slot] as number
      if (first === tail[slot]) return singleOf(lineOf[first] as number)
      const lines: number[] = []
      for (let entry = first; entry >= 0; entry = next[entry] as number) lines.push(lineOf[entry] as number)
      return [{ lines, milli: null }]
    },
  }
}
