import type { LineFacts, RoundingMode } from '../index.ts'

// Slow and obvious on purpose, with BigInt throughout: what the fast code is compared with shares nothing with it.

/** n / d as a whole number. */
export const rounded = (n: bigint, d: bigint, mode: RoundingMode): bigint => {
  if (d < 0n) return rounded(-n, -d, mode)
  let floor = n / d
  if (n < 0n && floor * d !== n) floor -= 1n
  const rest = n - floor * d
  if (rest === 0n) return floor
  if (mode === 'floor') return floor
  if (mode === 'ceil') return floor + 1n
  if (mode === 'truncate') return n < 0n ? floor + 1n : floor
  if (rest * 2n < d) return floor
  if (rest * 2n > d) return floor + 1n
  if (mode === 'halfUp') return n < 0n ? floor : floor + 1n
  return floor % 2n === 0n ? floor : floor + 1n
}

/** a · b / c as a multiple of the increment. */
export const product = (a: number, b: number, c: number, how: { mode: RoundingMode; increment: number }): number =>
  Math.min(
    Number(rounded(BigInt(a) * BigInt(b), BigInt(c) * BigInt(how.increment), how.mode) * BigInt(how.increment)),
    1_000_000_000_000,
  )

const before = (a: LineFacts, b: LineFacts): boolean => {
  const key = (line: LineFacts): (string | number)[] => [
    line.product?.id ?? '',
    line.kind,
    line.unitPriceMinor,
    line.grossMinor,
    line.quantityMilli,
    line.reductionMinor,
    line.reimbursedMinor,
    line.number,
  ]
  const [x, y] = [key(a), key(b)]
  const at = x.findIndex((value, index) => value !== y[index])
  return at >= 0 && (x[at] as string) < (y[at] as string)
}

/** Lines by what they are; insertion sort, so that nothing hides in a library. */
export const canonical = (lines: readonly LineFacts[]): LineFacts[] => {
  const sorted: LineFacts[] = []
  for (const line of lines) {
    const at = sorted.findIndex((other) => before(line, other))
    sorted.splice(at < 0 ? sorted.length : at, 0, line)
  }
  return sorted
}

export interface Part {
  readonly line: LineFacts
  readonly weight: number
  readonly room: number
}

/** Shares by line number: floors first, then one by one to the largest remainder that is left. */
const spread = (total: number, parts: readonly Part[]): Map<number, number> => {
  const sum = parts.reduce((all, { weight }) => all + BigInt(weight), 0n)
  const shares = new Map(parts.map(({ line }) => [line.number, 0]))
  if (sum === 0n) return shares
  const rest = new Map<number, bigint>()
  let left = total
  for (const { line, weight } of parts) {
    const exact = BigInt(total) * BigInt(weight)
    shares.set(line.number, Number(exact / sum))
    rest.set(line.number, exact % sum)
    left -= Number(exact / sum)
  }
  const order = canonical(parts.map(({ line }) => line))
  for (; left > 0; left -= 1) {
    let winner = order[0] as LineFacts
    for (const line of order) if ((rest.get(line.number) as bigint) > (rest.get(winner.number) as bigint)) winner = line
    shares.set(winner.number, (shares.get(winner.number) as number) + 1)
    rest.set(winner.number, -1n)
  }
  return shares
}

/** Spreads a total so that no line takes more than its room; who would is filled, and the rest is spread again. */
export const spreadWithin = (total: number, parts: readonly Part[]): Map<number, number> => {
  const open = parts.filter(({ weight, room }) => weight > 0 && room > 0)
  const empty = new Map(parts.map(({ line }) => [line.number, 0]))
  if (open.length === 0 || total <= 0) return empty
  const shares = spread(total, open)
  const full = open.filter(({ line, room }) => (shares.get(line.number) as number) >= room)
  if (full.length === 0) return new Map([...empty, ...shares])
  const others = open.filter((part) => !full.includes(part))
  const given = full.reduce((sum, { room }) => sum + room, 0)
  const rest = spreadWithin(total - given, others)
  return new Map([...empty, ...rest, ...full.map(({ line, room }): [number, number] => [line.number, room])])
}

export const spreadAll = (
  total: number,
  parts: readonly { readonly line: LineFacts; readonly weight: number }[],
): Map<number, number> =>
  spread(
    total,
    parts.map((part) => ({ ...part, room: 0 })),
  )
