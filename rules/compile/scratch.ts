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

/**
 * Memory that every evaluation of a set uses again: which rules were touched, and the lines of each touched slot as a
 * chain. A slot belongs to the running evaluation only when its stamp says so, hence nothing is ever cleared.
 */
export class Scratch {
  readonly touched: Bits
  /** Rows of postings that the line at hand reaches. */
  readonly rows: number[] = []
  /** Numbers of the touched rules, ascending. */
  readonly found: Int32Array
  private epoch = 0
  private readonly stamp: Uint32Array
  private readonly head: Int32Array
  private readonly tail: Int32Array
  private readonly line: number[] = []
  private readonly next: number[] = []
  private used = 0

  constructor(rules: number, slots: number) {
    this.touched = bitsFor(rules)
    this.found = new Int32Array(rules)
    this.stamp = new Uint32Array(slots)
    this.head = new Int32Array(slots)
    this.tail = new Int32Array(slots)
  }

  begin(): void {
    this.used = 0
    this.epoch += 1
    if (this.epoch < 0xffff_ffff) return
    this.stamp.fill(0)
    this.epoch = 1
  }

  /** A line that comes by two keys of a slot counts once: lines come one after the other. */
  note(slot: number, line: number): void {
    const entry = this.used
    if (this.stamp[slot] === this.epoch) {
      const tail = this.tail[slot] as number
      if (this.line[tail] === line) return
      this.next[tail] = entry
    } else {
      this.stamp[slot] = this.epoch
      this.head[slot] = entry
    }
    this.tail[slot] = entry
    this.line[entry] = line
    this.next[entry] = -1
    this.used = entry + 1
  }

  /** The lines of a slot as its rule's only view, `null` where it has none. */
  viewOf(slot: number): readonly View[] | null {
    if (this.stamp[slot] !== this.epoch) return null
    const head = this.head[slot] as number
    if (head === this.tail[slot]) return singleOf(this.line[head] as number)
    const lines: number[] = []
    for (let entry = head; entry >= 0; entry = this.next[entry] as number) lines.push(this.line[entry] as number)
    return [{ lines, milli: null }]
  }
}
