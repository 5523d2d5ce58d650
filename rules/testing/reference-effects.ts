import type {
  Applied,
  Effect,
  Limit,
  LineFacts,
  Off,
  PointsFormula,
  Rounding,
  Rule,
  Slot,
  Threshold,
  UnitPick,
} from '../index.ts'
import { type Book, counts, discounts, earns, typeOf, type World } from './reference.ts'
import { takes } from './reference-match.ts'
import { canonical, product, rounded, spreadAll, spreadWithin } from './reference-numbers.ts'

/** A line and the thousandths of it that a rule may look at. */
interface Bit {
  readonly line: LineFacts
  readonly milli: number
}

type Allowance = { left: number; limit: (Limit & { id: string }) | undefined }

interface Turn {
  readonly world: World
  readonly rule: Rule
  readonly slots: ReadonlyMap<string, readonly Bit[]>
  times: number
  minor: Allowance
  points: Allowance
  gave: { minor: number; points: number; anything: boolean }
  cut: Applied['cut']
  dropped: boolean
  taken: Map<number, number> | undefined
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
const floorPart = (amount: number, part: number, whole: number): number =>
  part === whole ? amount : Number(rounded(BigInt(amount) * BigInt(part), BigInt(whole), 'floor'))
const amountOf = (world: World, basis: string, { line, milli }: Bit): number =>
  floorPart(world.amounts[basis]?.[line.number] as number, milli, line.quantityMilli)
const valueOf = (world: World, basis: string, bits: readonly Bit[]): number =>
  sum(bits.map((bit) => amountOf(world, basis, bit)))
const quantityOf = (bits: readonly Bit[]): number => sum(bits.map(({ milli }) => milli))
const dearest = (bits: readonly Bit[]): Bit[] => {
  const lines = canonical(bits.map(({ line }) => line))
  return [...bits].sort(
    (a, b) => b.line.unitPriceMinor - a.line.unitPriceMinor || lines.indexOf(a.line) - lines.indexOf(b.line),
  )
}

const reaches = (world: World, bits: readonly Bit[], threshold: Threshold, side: 1 | -1): boolean => {
  const ids = new Set(bits.flatMap(({ line }) => (line.product === undefined ? [] : [line.product.id])))
  const pairs: [number | undefined, number][] = [
    [threshold.quantityMilli, quantityOf(bits)],
    [threshold.valueMinor, valueOf(world, threshold.basis ?? 'gross', bits)],
    [threshold.products, ids.size],
    [threshold.lines, bits.length],
  ]
  return pairs.every(([wanted, actual]) => wanted === undefined || (side === 1 ? actual >= wanted : actual <= wanted))
}

const rootOf = ({ program }: World, { group }: Rule): string => {
  let code = group
  for (;;) {
    const parent = program.groups?.find((each) => each.code === code)?.parent
    if (parent === undefined) return code ?? ''
    code = parent
  }
}
const scopeOf = (world: World, rule: Rule): string =>
  `${rule.phase.slice(0, 7) === 'accrual' ? 'points' : 'prices'}:${rootOf(world, rule)}`

const bitsOf = (world: World, rule: Rule, slot: Slot): Bit[] => {
  const claimed = slot.claims === true ? world.book.claimed[scopeOf(world, rule)] : undefined
  return world.lines
    .filter((line) => takes(slot.items, line))
    .map((line) => ({ line, milli: line.quantityMilli - (claimed?.[line.number] ?? 0) }))
    .filter(({ milli }) => milli > 0)
}

/** How often the rule repeats, 0 when a slot is not filled. */
const timesOf = (world: World, rule: Rule, slots: ReadonlyMap<string, readonly Bit[]>): number => {
  const times: number[] = []
  for (const slot of rule.slots ?? []) {
    const bits = (slots.get(slot.name) as readonly Bit[]).filter(({ line }) => counts(world, line))
    if (bits.length === 0) return 0
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

const counterOf = (
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

const limitsOf = (rule: Rule): (Limit & { id: string })[] =>
  (rule.limits ?? []).map((limit, index) => ({ ...limit, id: limit.id ?? `${rule.id}.${index + 1}` }))

const begin = (
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
    dropped: false,
    taken: undefined,
    minor: { left: most, limit: undefined },
    points: { left: most, limit: undefined },
    gave: { minor: 0, points: 0, anything: false },
  }
  for (const limit of limitsOf(rule)) {
    const counter = counterOf(world, limit)
    if (counter === undefined) return undefined
    const key = `${limit.id}|${counter.subject}|${counter.period}`
    const outside = limit.per === 'sale' || limit.period === 'sale' ? 0 : (world.counters[key] ?? 0)
    const left = limit.most - outside - (world.book.used[key] ?? 0)
    if (left <= 0) return undefined
    if (limit.measure === 'uses') {
      if (left >= turn.times) continue
      if (limit.over === 'drop') return undefined
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

const grant = (turn: Turn, measure: 'minor' | 'points', wanted: number): number => {
  const allowance = turn[measure]
  const granted = Math.min(wanted, allowance.left)
  if (granted < wanted && allowance.limit?.over === 'drop') {
    turn.dropped = true
    return 0
  }
  allowance.left -= granted
  return granted
}

const funding = ({ rule }: Turn, amount: number): Applied['funding'] => {
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

const record = (turn: Turn, effect: Effect, entry: object): void => {
  const index = turn.rule.then.indexOf(effect as never)
  const whole = { rule: turn.rule.id, version: turn.rule.version, effect: index === 0 ? undefined : index, ...entry }
  turn.world.book.applied.push({ entry: whole as unknown as Applied, effect })
  turn.gave.anything = true
}

const cutOf = (turn: Turn, measure: 'minor' | 'points', wanted: number, granted: number): Applied['cut'] =>
  granted < wanted ? { limit: turn[measure].limit?.id ?? (turn.rule.group as string), wanted } : turn.cut

/** Takes the wanted shares off lines, less where a limit leaves less. */
const takeOff = (turn: Turn, effect: Effect, wanted: ReadonlyMap<LineFacts, number>): number => {
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
    amountShares: shares.filter(({ amountMinor }) => amountMinor > 0),
    cut: cutOf(turn, 'minor', total, granted),
    funding: funding(turn, granted),
  })
  return granted
}

const floorOf = (line: LineFacts): number =>
  Math.max(
    line.reimbursedMinor,
    Number(rounded(BigInt(line.floorMinor ?? 0) * BigInt(line.quantityMilli), 1000n, 'ceil')),
  )
const roomOf = ({ book }: World, line: LineFacts): number =>
  Math.max(0, (book.remaining[line.number] as number) - floorOf(line))
const money = (rounding: Rounding | undefined) => ({
  mode: rounding?.mode ?? ('halfUp' as const),
  increment: rounding?.increment ?? 1,
})

/** The units of an amount one by one: the first `amount mod units` are one minor unit dearer. */
const unitsOf = (amount: number, milli: number): { readonly value: number; readonly times: number }[] => {
  if (milli % 1000 !== 0) return [{ value: amount, times: 1 }]
  const units = milli / 1000
  const low = Math.floor(amount / units)
  return [
    { value: low + 1, times: amount - low * units },
    { value: low, times: units - (amount - low * units) },
  ]
}

const seen = (turn: Turn, of: string | undefined): readonly Bit[] =>
  of === undefined
    ? turn.world.lines.map((line) => ({ line, milli: line.quantityMilli }))
    : (turn.slots.get(of) as readonly Bit[])

/** Writes every whole unit down, groups them and takes the chosen ones of each full group. */
const picked = (turn: Turn, bits: readonly Bit[], pick: UnitPick): Bit[] => {
  const units = dearest(bits).flatMap((bit) => Array.from({ length: Math.floor(bit.milli / 1000) }, () => bit.line))
  const taken = new Map<LineFacts, number>()
  const used = new Map<number, number>(turn.taken)
  for (
    let group = 0;
    (group + 1) * pick.outOf <= units.length && group < (pick.atMostGroups ?? units.length);
    group += 1
  ) {
    const members = units.slice(group * pick.outOf, (group + 1) * pick.outOf)
    const chosen = pick.take === 'dearest' ? members.slice(0, pick.units) : members.slice(pick.outOf - pick.units)
    for (const line of chosen) taken.set(line, (taken.get(line) ?? 0) + 1000)
    for (const line of new Set(members)) used.set(line.number, 0)
  }
  const groups = Math.min(Math.floor(units.length / pick.outOf), pick.atMostGroups ?? units.length)
  for (const line of units.slice(0, groups * pick.outOf))
    used.set(line.number, (used.get(line.number) as number) + 1000)
  turn.taken = used
  return [...taken].map(([line, milli]) => ({ line, milli }))
}

const sharesOff = (
  turn: Turn,
  bits: readonly Bit[],
  how: { off: Off; rounding: Rounding | undefined; from: Record<number, number> },
): Map<LineFacts, number> => {
  const { world } = turn
  const { off, rounding, from } = how
  const amount = ({ line, milli }: Bit): number => floorPart(from[line.number] as number, milli, line.quantityMilli)
  const capped = (bit: Bit, value: number): [LineFacts, number] => [
    bit.line,
    Math.max(0, Math.min(value, roomOf(world, bit.line))),
  ]
  if (off.kind === 'amount')
    return new Map(bits.map((bit) => capped(bit, product(off.minor, bit.milli, 1000, money(rounding)))))
  const part = (value: number): number => product(value, off.ppm, 1_000_000, money(rounding))
  if (rounding?.at === 'line') return new Map(bits.map((bit) => capped(bit, part(amount(bit)))))
  if (rounding?.at === 'unit') {
    return new Map(
      bits.map((bit) =>
        capped(
          bit,
          sum(unitsOf(amount(bit), bit.milli).map(({ value, times }) => (times === 0 ? 0 : part(value) * times))),
        ),
      ),
    )
  }
  const shares = spreadWithin(
    part(sum(bits.map(amount))),
    bits.map((bit) => ({ line: bit.line, weight: amount(bit), room: roomOf(world, bit.line) })),
  )
  return new Map(bits.map(({ line }) => [line, shares.get(line.number) as number]))
}

const steer = (turn: Turn, effect: Extract<Effect, { do: 'setPrice' | 'priceOff' }>): void => {
  const { world } = turn
  const { book } = world
  const wanted = new Map<LineFacts, number>()
  const prices: Record<number, number> = {}
  for (const { line } of seen(turn, effect.of)) {
    if (!discounts(line)) continue
    const before = book.unitPrice[line.number] as number
    let price: number
    if (effect.do === 'setPrice') price = effect.unitPriceMinor
    else if (effect.off.kind === 'amount') price = before - effect.off.minor
    else
      price =
        before -
        product(
          effect.on === 'original' ? line.unitPriceMinor : before,
          effect.off.ppm,
          1_000_000,
          money(effect.rounding),
        )
    price = Math.max(price, 0, line.floorMinor ?? 0)
    if (price >= before) continue
    const at = (unit: number): number => Number(rounded(BigInt(unit) * BigInt(line.quantityMilli), 1000n, 'halfUp'))
    const off = at(before) - at(price)
    if (off <= 0 || off > (book.remaining[line.number] as number) - floorOf(line)) continue
    if (sum([...wanted.values()]) + off > turn.minor.left) {
      if (turn.minor.limit?.over === 'drop') turn.dropped = true
      continue
    }
    wanted.set(line, off)
    prices[line.number] = price
  }
  if (turn.dropped || takeOff(turn, effect, wanted) === 0) return
  Object.assign(book.unitPrice, prices)
  Object.assign(book.steered, prices)
}

const lineOff = (turn: Turn, effect: Extract<Effect, { do: 'setPrice' | 'priceOff' }>): void => {
  const { book } = turn.world
  const open = seen(turn, effect.of).filter(({ line }) => discounts(line))
  const bits = effect.pick === undefined ? open : picked(turn, open, effect.pick)
  if (effect.do === 'priceOff') {
    takeOff(
      turn,
      effect,
      sharesOff(turn, bits, {
        ...effect,
        rounding: effect.rounding,
        from: effect.on === 'original' ? book.original : book.remaining,
      }),
    )
    return
  }
  const wanted = bits.map(({ line, milli }): [LineFacts, number] => {
    const amount = floorPart(book.remaining[line.number] as number, milli, line.quantityMilli)
    const price = Number(rounded(BigInt(effect.unitPriceMinor) * BigInt(milli), 1000n, 'halfUp'))
    return [line, Math.max(0, Math.min(amount - price, roomOf(turn.world, line)))]
  })
  takeOff(turn, effect, new Map(wanted))
}

/** One set after the other, each of the dearest units that are left. */
const bundle = (turn: Turn, effect: Extract<Effect, { do: 'bundlePrice' }>): void => {
  const { world } = turn
  const free = new Map<number, number>()
  for (const { of } of effect.parts)
    for (const { line, milli } of seen(turn, of)) free.set(line.number, Math.floor(milli / 1000))
  const used = new Map<LineFacts, number>()
  let sets = 0
  const now = ({ number, quantityMilli }: LineFacts, units: number): number =>
    floorPart(world.book.remaining[number] as number, units * 1000, quantityMilli)
  while (sets < (effect.atMostSets ?? 100_000)) {
    const set = new Map<LineFacts, number>()
    let whole = true
    for (const { of, units } of effect.parts) {
      let missing = units
      for (const { line } of dearest(seen(turn, of).filter((bit) => discounts(bit.line)))) {
        while (missing > 0 && (free.get(line.number) as number) > (set.get(line) ?? 0)) {
          set.set(line, (set.get(line) ?? 0) + 1)
          missing -= 1
        }
      }
      if (missing > 0) whole = false
    }
    if (!whole || sum([...set].map(([line, units]) => now(line, units))) <= effect.priceMinor) break
    for (const [line, units] of set) {
      free.set(line.number, (free.get(line.number) as number) - units)
      used.set(line, (used.get(line) ?? 0) + units)
    }
    sets += 1
  }
  if (sets === 0) return
  turn.taken = new Map([
    ...(turn.taken ?? []),
    ...[...used].map(([line, units]): [number, number] => [line.number, units * 1000]),
  ])
  const parts = [...used]
    .map(([line, units]) => ({ line, weight: now(line, units), room: roomOf(world, line) }))
    .sort((a, b) => a.line.number - b.line.number)
  const shares = spreadWithin(sum(parts.map(({ weight }) => weight)) - sets * effect.priceMinor, parts)
  takeOff(turn, effect, new Map(parts.map(({ line }) => [line, shares.get(line.number) as number])))
}

const basketOff = (
  turn: Turn,
  effect: Effect,
  how: { off: Off; rounding: Rounding | undefined; times: number; of: string | undefined },
): number => {
  const { world } = turn
  const parts = seen(turn, how.of)
    .filter(({ line }) => discounts(line))
    .map((bit) => ({
      line: bit.line,
      weight: floorPart(world.book.remaining[bit.line.number] as number, bit.milli, bit.line.quantityMilli),
      room: roomOf(world, bit.line),
    }))
  const total =
    how.off.kind === 'amount'
      ? product(how.off.minor, how.times, 1, money(how.rounding))
      : product(sum(parts.map(({ weight }) => weight)), how.off.ppm, 1_000_000, money(how.rounding))
  const shares = spreadWithin(total, parts)
  return takeOff(turn, effect, new Map(parts.map(({ line }) => [line, shares.get(line.number) as number])))
}

const vouchers = (turn: Turn, effect: Extract<Effect, { do: 'basketOff' }>): void => {
  const { book, input } = turn.world
  if (effect.voucher === undefined) {
    basketOff(turn, effect, { off: effect.off, rounding: effect.rounding, times: turn.times, of: effect.of })
    return
  }
  const open = input.vouchers
    .filter(({ kind, use }) => kind === effect.voucher && !book.redeemed.some((each) => each.use === use))
    .sort((a, b) => a.use - b.use)
  for (const { use } of open.slice(0, effect.off.kind === 'percent' ? 1 : turn.times)) {
    const amountMinor = basketOff(turn, effect, { off: effect.off, rounding: effect.rounding, times: 1, of: effect.of })
    if (amountMinor === 0) return
    book.redeemed.push({ rule: turn.rule.id, use, amountMinor })
  }
}

const formula = (
  points: PointsFormula,
  amount: number,
  how: Parameters<typeof product>[3] & { scale: number; valueMinor: number },
): number => {
  switch (points.kind) {
    case 'fixed':
      return 0
    case 'perValue':
      return points.fullSteps === true
        ? product(Math.floor(amount / points.minor), points.points, 1, how)
        : product(amount, points.points, points.minor, how)
    case 'perUnit':
      return product(amount, points.points, points.quantityMilli, how)
    case 'percent':
      return how.valueMinor === 0 ? 0 : product(amount, points.ppm * 10 ** how.scale, 1_000_000 * how.valueMinor, how)
    case 'brackets':
      return product(points.brackets.filter(({ fromMinor }) => amount >= fromMinor).at(-1)?.points ?? 0, 1, 1, how)
  }
}

const someone = ({ input }: World, to: string): boolean =>
  to === 'organizer' ||
  (to === 'customer' ? input.member : to === 'staff' ? input.staff : input.outlet.owner) !== undefined

const poolOf = ({ world }: Turn, key: string): Book['pools'][string] => {
  const zeros = Object.fromEntries(world.lines.map(({ number }) => [number, 0]))
  return (world.book.pools[key] ??= { base: zeros, added: { ...zeros } })
}

const givePoints = (
  turn: Turn,
  effect: Effect,
  wanted: number,
  facts: { readonly pointType: string } & Readonly<Record<string, unknown>>,
  weights: readonly { line: LineFacts; weight: number }[],
): Map<number, number> | undefined => {
  const granted = grant(turn, 'points', wanted)
  if (granted <= 0) return undefined
  const shares = spreadAll(granted, weights)
  const type = typeOf(turn.world, facts.pointType)
  turn.gave.points += granted
  record(turn, effect, {
    ...facts,
    points: granted,
    pointShares: weights.map(({ line }) => ({ line: line.number, points: shares.get(line.number) })),
    cut: cutOf(turn, 'points', wanted, granted),
    funding: funding(
      turn,
      Number(rounded(BigInt(granted) * BigInt(type.valueMinor), 10n ** BigInt(type.scale), 'halfUp')),
    ),
  })
  return shares
}

const points = (turn: Turn, effect: Extract<Effect, { do: 'points' }>): void => {
  const { world, rule } = turn
  if (!someone(world, effect.to)) return
  const bits = seen(turn, effect.of).filter(({ line }) => earns(world, line))
  if (bits.length === 0) return
  const type = typeOf(world, effect.pointType)
  const how = {
    mode: effect.rounding?.mode ?? type.rounding,
    increment: effect.rounding?.increment ?? 1,
    scale: type.scale,
    valueMinor: type.valueMinor,
  }
  const { formula: rate } = effect
  const basis = 'basis' in rate ? rate.basis : 'gross'
  const amount = (bit: Bit): number => (rate.kind === 'perUnit' ? bit.milli : amountOf(world, basis, bit))
  const at = rate.kind === 'brackets' ? 'rule' : (effect.rounding?.at ?? 'rule')
  let wanted: number
  if (rate.kind === 'fixed') wanted = product(rate.points, turn.times, 1, how)
  else if (at === 'rule') wanted = formula(rate, sum(bits.map(amount)), how)
  else if (at === 'line') wanted = sum(bits.map((bit) => formula(rate, amount(bit), how)))
  else
    wanted = sum(
      bits.flatMap((bit) =>
        unitsOf(amount(bit), bit.milli).map(({ value, times }) =>
          times === 0 ? 0 : formula(rate, value, how) * times,
        ),
      ),
    )
  let weights = bits.map((bit) => ({ line: bit.line, weight: amount(bit) }))
  if (weights.every(({ weight }) => weight === 0)) weights = bits.map(({ line }) => ({ line, weight: 1 }))
  const shares = givePoints(
    turn,
    effect,
    wanted,
    { to: effect.to, pointType: type.code, basis, baseMinor: sum(bits.map(amount)) },
    weights,
  )
  const name = effect.base ?? (rule.phase === 'accrual.base' ? 'base' : undefined)
  if (shares === undefined || name === undefined) return
  const pool = poolOf(turn, `${effect.to}|${type.code}|${name}`)
  for (const [number, share] of shares) pool.base[number] = (pool.base[number] as number) + share
}

const multiply = (turn: Turn, effect: Extract<Effect, { do: 'multiply' }>): void => {
  const { world } = turn
  if (!someone(world, effect.to)) return
  const type = typeOf(world, effect.pointType)
  const pool = poolOf(turn, `${effect.to}|${type.code}|${effect.base ?? 'base'}`)
  const weights = seen(turn, effect.of).map(({ line }) => ({
    line,
    weight: (pool.base[line.number] as number) + (effect.how === 'times' ? (pool.added[line.number] as number) : 0),
  }))
  const base = sum(weights.map(({ weight }) => weight))
  if (base === 0) return
  const how = { mode: effect.rounding?.mode ?? type.rounding, increment: effect.rounding?.increment ?? 1 }
  const wanted = product(base, effect.how === 'times' ? effect.ppm - 1_000_000 : effect.ppm, 1_000_000, how)
  const shares = givePoints(turn, effect, wanted, { to: effect.to, pointType: type.code, basePoints: base }, weights)
  for (const [number, share] of shares ?? []) pool.added[number] = (pool.added[number] as number) + share
}

const one = (turn: Turn, effect: Effect): void => {
  const { world, rule } = turn
  const { book } = world
  const done = (): void => {
    turn.gave.anything = true
  }
  switch (effect.do) {
    case 'points':
      return points(turn, effect)
    case 'multiply':
      return multiply(turn, effect)
    case 'setPrice':
    case 'priceOff':
      return rule.phase === 'price' ? steer(turn, effect) : lineOff(turn, effect)
    case 'priceTiers': {
      const bits = seen(turn, effect.of)
      const quantity = quantityOf(bits.filter(({ line }) => counts(world, line)))
      const off = effect.tiers.filter(({ fromMilli }) => quantity >= fromMilli).at(-1)?.off
      if (off === undefined) return
      takeOff(
        turn,
        effect,
        sharesOff(
          turn,
          bits.filter(({ line }) => discounts(line)),
          { off, rounding: effect.rounding, from: book.remaining },
        ),
      )
      return
    }
    case 'bundlePrice':
      return bundle(turn, effect)
    case 'basketOff':
      return vouchers(turn, effect)
    case 'basketSteps': {
      const value = valueOf(
        world,
        'afterLine',
        seen(turn, effect.of).filter(({ line }) => counts(world, line)),
      )
      const off = effect.steps.filter(({ fromMinor }) => value >= fromMinor).at(-1)?.off
      if (off !== undefined) basketOff(turn, effect, { off, rounding: effect.rounding, times: 1, of: effect.of })
      return
    }
    case 'gift':
      if (!world.lines.some(discounts)) return
      book.gifts.push({ rule: rule.id, products: effect.products, quantityMilli: effect.quantityMilli * turn.times })
      return done()
    case 'pointsPay': {
      const type = typeOf(world, effect.pointType)
      if (world.input.member === undefined || type.valueMinor === 0) return
      const copayment = valueOf(
        world,
        'copayment',
        seen(turn, effect.of).filter(({ line }) => discounts(line)),
      )
      const down = { mode: 'floor', increment: 1 } as const
      const value = product(
        product(copayment, effect.mostPpm, 1_000_000, down),
        10 ** type.scale,
        type.valueMinor,
        down,
      )
      if (value === 0) return
      book.payable.push({
        rule: rule.id,
        pointType: type.code,
        points: value,
        amountMinor: product(value, type.valueMinor, 10 ** type.scale, down),
      })
      return done()
    }
    case 'voucherIssue': {
      const lines = rule.slots === undefined ? world.lines : [...turn.slots.values()].flat().map(({ line }) => line)
      if (!lines.some((line) => earns(world, line))) return
      book.issues.push({ rule: rule.id, voucherKind: effect.voucher, count: effect.count * turn.times })
      return done()
    }
    case 'message':
      book.messages.push({ rule: rule.id, at: effect.at, text: effect.text })
      return done()
  }
}

const settle = (turn: Turn): void => {
  const { world, rule, gave } = turn
  const { book } = world
  book.tags.push(...(rule.tags ?? []))
  book.excluded.push(...(rule.excludes ?? []))
  for (const cap of book.caps) Object.assign(cap, { minor: cap.minor - gave.minor, points: cap.points - gave.points })
  for (const limit of limitsOf(rule)) {
    const counter = counterOf(world, limit) as { subject: string; period: string }
    const amount = { uses: turn.times, points: gave.points, amount: gave.minor }[limit.measure]
    if (amount === 0) continue
    const key = `${limit.id}|${counter.subject}|${counter.period}`
    book.used[key] = (book.used[key] ?? 0) + amount
    if (limit.per === 'sale' || limit.period === 'sale') continue
    const claim = book.claims.find((each) => `${each.limit}|${each.subject}|${each.period}` === key)
    if (claim === undefined) book.claims.push({ limit: limit.id, ...counter, amount })
    else claim.amount += amount
  }
  if (!(rule.slots ?? []).some((slot) => slot.claims === true)) return
  const claimed = (book.claimed[scopeOf(world, rule)] ??= {})
  const use = (line: LineFacts, milli: number): void => {
    claimed[line.number] = Math.min(line.quantityMilli, (claimed[line.number] ?? 0) + milli)
  }
  if (turn.taken !== undefined) {
    for (const line of world.lines) use(line, turn.taken.get(line.number) ?? 0)
    return
  }
  for (const slot of rule.slots ?? []) {
    if (slot.claims !== true) continue
    let missing =
      slot.each?.quantityMilli === undefined ? Number.MAX_SAFE_INTEGER : slot.each.quantityMilli * turn.times
    for (const { line, milli } of dearest(turn.slots.get(slot.name) as readonly Bit[])) {
      use(line, Math.min(missing, milli))
      missing -= Math.min(missing, milli)
    }
  }
}

/** Applies one rule whose condition holds. False, and nothing changed, where it has no effect. */
export const referenceEffects = (world: World, rule: Rule): boolean => {
  const { book } = world
  if (rule.excludes?.some((tag) => book.tags.includes(tag)) === true) return false
  if (rule.tags?.some((tag) => book.excluded.includes(tag)) === true) return false
  const slots = new Map((rule.slots ?? []).map((slot) => [slot.name, bitsOf(world, rule, slot)]))
  const times = timesOf(world, rule, slots)
  const turn = times === 0 ? undefined : begin(world, rule, slots, times)
  if (turn === undefined) return false
  const before = structuredClone(book)
  for (const effect of rule.then) {
    one(turn, effect)
    if (turn.dropped) {
      world.book = before
      return false
    }
  }
  if (turn.gave.anything) settle(turn)
  return turn.gave.anything
}
