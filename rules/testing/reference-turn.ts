import type { Applied, Effect, Limit, LineFacts, Rule, Slot, Threshold } from '../index.ts'
import { counts, type World } from './reference-world.ts'
import { takes } from './reference-match.ts'
import { canonical, rounded, spreadAll } from './reference-numbers.ts'

/** A line and the thousandths of it that a rule may look at. */
export interface Bit {
  readonly line: LineFacts
  readonly milli: number
}

export type Allowance = { left: number; limit: (Limit & { id: string }) | undefined }

export interface Turn {
  readonly world: World
  readonly rule: Rule
  readonly slots: ReadonlyMap<string, readonly Bit[]>
  times: number
  minor: Allowance
  points: Allowance
  gave: { minor: number; points: number; anything: boolean }
  cut: Applied['cut']
  /** The limit that was too small and drops. */
  dropped: (Limit & { id: string }) | undefined
  taken: Map<number, number> | undefined
}

export const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
export const floorPart = (amount: number, part: number, whole: number): number =>
  part === whole ? amount : Number(rounded(BigInt(amount) * BigInt(part), BigInt(whole), 'floor'))
export const amountOf = (world: World, basis: string, { line, milli }: Bit): number =>
  floorPart(world.amounts[basis]?.[line.number] as number, milli, line.quantityMilli)
export const valueOf = (world: World, basis: string, bits: readonly Bit[]): number =>
  sum(bits.map((bit) => amountOf(world, basis, bit)))
export const quantityOf = (bits: readonly Bit[]): number => sum(bits.map(({ milli }) => milli))
/** By what a unit costs after phase `price`, which points do not know of. */
export const dearest = ({ world, rule }: Pick<Turn, 'world' | 'rule'>, bits: readonly Bit[]): Bit[] => {
  const price = (line: LineFacts): number =>
    rule.phase.startsWith('accrual') ? line.unitPriceMinor : (world.book.unitPrice[line.number] as number)
  const lines = canonical(bits.map(({ line }) => line))
  return [...bits].sort(
    (a, b) =>
      price(b.line) - price(a.line) ||
      (b.line.floorMinor ?? 0) - (a.line.floorMinor ?? 0) ||
      lines.indexOf(a.line) - lines.indexOf(b.line),
  )
}

export const reaches = (world: World, bits: readonly Bit[], threshold: Threshold, side: 1 | -1): boolean => {
  const ids = new Set(bits.flatMap(({ line }) => (line.product === undefined ? [] : [line.product.id])))
  const pairs: [number | undefined, number][] = [
    [threshold.quantityMilli, quantityOf(bits)],
    [threshold.valueMinor, valueOf(world, threshold.basis ?? 'gross', bits)],
    [threshold.products, ids.size],
    [threshold.lines, bits.length],
  ]
  return pairs.every(([wanted, actual]) => wanted === undefined || (side === 1 ? actual >= wanted : actual <= wanted))
}

export const rootOf = ({ program }: World, { group }: Rule): string => {
  let code = group
  for (;;) {
    const parent = program.groups?.find((each) => each.code === code)?.parent
    if (parent === undefined) return code ?? ''
    code = parent
  }
}
export const scopeOf = (world: World, rule: Rule): string =>
  `${rule.phase.slice(0, 7) === 'accrual' ? 'points' : 'prices'}:${rootOf(world, rule)}`

export const bitsOf = (world: World, rule: Rule, slot: Slot): Bit[] => {
  const claimed = slot.claims === true ? world.book.claimed[scopeOf(world, rule)] : undefined
  return world.lines
    .filter((line) => takes(slot.items, line))
    .filter(({ number }) => {
      const { afterLine, gross } = world.amounts
      const wanted = slot.items?.where?.discounted
      return wanted === undefined || wanted === (afterLine?.[number] as number) < (gross?.[number] as number)
    })
    .map((line) => ({ line, milli: line.quantityMilli - (claimed?.[line.number] ?? 0) }))
    .filter(({ milli }) => milli > 0)
}

/** How often the rule repeats, 0 when a slot is not filled. */
export const timesOf = (world: World, rule: Rule, slots: ReadonlyMap<string, readonly Bit[]>): number => {
  const times: number[] = []
  for (const slot of rule.slots ?? []) {
    const all = slots.get(slot.name) as readonly Bit[]
    const bits = all.filter(({ line }) => counts(world, line))
    if (bits.length === 0 && !all.some(({ line }) => line.kind === 'delivery')) return 0
    if (slot.atLeast !== undefined && !reaches(world, bits, slot.atLeast, 1)) return 0
    if (slot.atMost !== undefined && !reaches(world, bits, slot.atMost, -1)) return 0
    const { each } = slot
    if (each?.quantityMilli !== undefined) times.push(Math.floor(quantityOf(bits) / each.quantityMilli))
    if (each?.valueMinor !== undefined)
      times.push(Math.floor(valueOf(world, each.basis ?? 'gross', bits) / each.valueMinor))
    if (each?.atMostTimes !== undefined) times.push(each.atMostTimes)
  }
  return times.length === 0 ? 1 : Math.min(...times)
}

export const counterOf = (
  { input }: World,
  limit: Limit & { id: string },
): { subject: string; period: string } | undefined => {
  const subjects = {
    sale: '*',
    campaign: '*',
    member: input.member?.id,
    card: input.member?.card,
    outlet: input.outlet.id,
    staff: input.staff,
  }
  const subject = subjects[limit.per]
  if (subject === undefined) return undefined
  const period = limit.period === 'ever' || limit.period === 'sale' ? '*' : input.periods[limit.period]
  return { subject, period }
}

export const limitsOf = (rule: Rule): (Limit & { id: string })[] =>
  (rule.limits ?? []).map((limit, index) => ({ ...limit, id: limit.id ?? `${rule.id}.${index + 1}` }))

const alone = ({ counters }: World, limit: Limit): boolean =>
  counters['offline'] === 1 &&
  limit.per !== 'sale' &&
  limit.period !== 'sale' &&
  (limit.offline === 'deny' || limit.offline === 'escrow')

const mostOf = (world: World, limit: Limit, key: string): number => {
  if (!alone(world, limit)) return limit.most
  return limit.offline === 'deny' ? 0 : Math.min(limit.most, world.counters[`${key}|slice`] ?? 0)
}

/** Nothing for a rule; without connection it is told. */
export const withhold = (world: World, rule: Rule, limit: Limit & { id: string }): undefined => {
  if (alone(world, limit)) world.denied[rule.id] = limit.id
}

export const begin = (
  world: World,
  rule: Rule,
  slots: ReadonlyMap<string, readonly Bit[]>,
  times: number,
): Turn | undefined => {
  const most = Number.MAX_SAFE_INTEGER
  const turn: Turn = {
    world,
    rule,
    slots,
    times,
    cut: undefined,
    dropped: undefined,
    taken: undefined,
    minor: { left: most, limit: undefined },
    points: { left: most, limit: undefined },
    gave: { minor: 0, points: 0, anything: false },
  }
  for (const limit of limitsOf(rule)) {
    const counter = counterOf(world, limit)
    if (counter === undefined) return undefined
    const key = `${limit.id}|${counter.subject}|${counter.period}`
    const inside = limit.per === 'sale' || limit.period === 'sale'
    const outside = inside ? 0 : (world.counters[key] ?? 0)
    const left = mostOf(world, limit, key) - outside - (world.book.used[key] ?? 0)
    if (left <= 0) return withhold(world, rule, limit)
    if (limit.measure === 'uses') {
      if (left >= turn.times) continue
      if (limit.over === 'drop') return withhold(world, rule, limit)
      turn.cut = { limit: limit.id, wanted: turn.times }
      turn.times = left
    } else {
      const allowance = limit.measure === 'points' ? turn.points : turn.minor
      if (left < allowance.left || (left === allowance.left && limit.over === 'drop'))
        Object.assign(allowance, { left, limit })
    }
  }
  for (const cap of world.book.caps) {
    if (cap.minor < turn.minor.left) turn.minor = { left: cap.minor, limit: undefined }
    if (cap.points < turn.points.left) turn.points = { left: cap.points, limit: undefined }
  }
  return turn
}

export const grant = (turn: Turn, measure: 'minor' | 'points', wanted: number): number => {
  const allowance = turn[measure]
  const granted = Math.min(wanted, allowance.left)
  if (granted < wanted && allowance.limit?.over === 'drop') {
    turn.dropped = allowance.limit
    return 0
  }
  allowance.left -= granted
  return granted
}

export const funding = ({ rule }: Turn, amount: number): Applied['funding'] => {
  if (rule.funding === undefined) return undefined
  const whole = rule.funding.map(({ party, ppm }) => ({ party, exact: BigInt(amount) * BigInt(ppm) }))
  const shares = whole.map(({ exact }) => exact / 1_000_000n)
  for (let left = BigInt(amount) - shares.reduce((all, share) => all + share, 0n); left > 0n; left -= 1n) {
    let winner = 0
    const rest = (index: number): bigint => (whole[index]?.exact as bigint) - (shares[index] as bigint) * 1_000_000n
    whole.forEach((_, index) => {
      if (rest(index) > rest(winner)) winner = index
    })
    shares[winner] = (shares[winner] as bigint) + 1n
  }
  return whole.map(({ party }, index) => ({
    party,
    amountMinor: Number(shares[index]),
  })) as unknown as Applied['funding']
}

export const record = (turn: Turn, effect: Effect, entry: object): void => {
  const index = turn.rule.then.indexOf(effect as never)
  const { id, version, text } = turn.rule
  const whole = { rule: id, version, effect: index === 0 ? undefined : index, text: text?.receipt, ...entry }
  turn.world.book.applied.push({ entry: whole as unknown as Applied, effect })
  turn.gave.anything = true
}

export const cutOf = (turn: Turn, measure: 'minor' | 'points', wanted: number, granted: number): Applied['cut'] =>
  granted < wanted ? { limit: turn[measure].limit?.id ?? (turn.rule.group as string), wanted } : turn.cut

/** Takes the wanted shares off lines, less where a limit leaves less. */
export const takeOff = (
  turn: Turn,
  effect: Effect,
  wanted: ReadonlyMap<LineFacts, number>,
  inAll = sum([...wanted.values()]),
): number => {
  const total = sum([...wanted.values()])
  const granted = grant(turn, 'minor', total)
  if (granted <= 0) return 0
  const cut = spreadAll(
    granted,
    [...wanted].map(([line, weight]) => ({ line, weight })),
  )
  const shares = [...wanted].map(([line, share]) => ({
    line: line.number,
    amountMinor: granted === total ? share : (cut.get(line.number) as number),
  }))
  for (const { line, amountMinor } of shares)
    turn.world.book.remaining[line] = (turn.world.book.remaining[line] as number) - amountMinor
  turn.gave.minor += granted
  record(turn, effect, {
    amountMinor: granted,
    amountShares: shares
      .filter(({ amountMinor }) => amountMinor > 0)
      .map((share) => {
        const lowest = turn.world.lines.find(({ number }) => number === share.line)?.lowestPrices?.[turn.rule.id]
        const told = turn.rule.phase === 'price' || turn.rule.phase === 'line'
        return told && lowest !== undefined ? { ...share, lowestPrice30DaysMinor: lowest } : share
      }),
    cut: cutOf(turn, 'minor', inAll, granted),
    funding: funding(turn, granted),
  })
  return granted
}
