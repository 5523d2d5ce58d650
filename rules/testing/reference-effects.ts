import type { Effect, LineFacts, PointsFormula, Rule } from '../index.ts'
import { type Book, counts, discounts, earns, typeOf, type World } from './reference-world.ts'
import { product, rounded, spreadAll } from './reference-numbers.ts'
import { unitsOf, seen, sharesOff, steer, lineOff, bundle, basketOff, vouchers } from './reference-prices.ts'
import {
  amountOf,
  begin,
  bitsOf,
  counterOf,
  dearest,
  funding,
  grant,
  cutOf,
  limitsOf,
  quantityOf,
  record,
  scopeOf,
  sum,
  takeOff,
  timesOf,
  valueOf,
  withhold,
  type Bit,
  type Turn,
} from './reference-turn.ts'

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

interface Given extends Readonly<Record<string, unknown>> {
  readonly wanted: number
  readonly pointType: string
}

const givePoints = (
  turn: Turn,
  effect: Effect,
  { wanted, ...entry }: Given,
  weights: readonly { line: LineFacts; weight: number }[],
): Map<number, number> | undefined => {
  const granted = grant(turn, 'points', wanted)
  if (granted <= 0) return undefined
  const shares = spreadAll(granted, weights)
  const type = typeOf(turn.world, entry.pointType as string)
  turn.gave.points += granted
  record(turn, effect, {
    ...entry,
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
    { wanted, to: effect.to, pointType: type.code, basis, baseMinor: sum(bits.map(amount)) },
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
  const shares = givePoints(turn, effect, { wanted, to: effect.to, pointType: type.code, basePoints: base }, weights)
  for (const [number, share] of shares ?? []) pool.added[number] = (pool.added[number] as number) + share
}

const linesOf = ({ world, rule, slots }: Turn): readonly LineFacts[] =>
  rule.slots === undefined ? world.lines : [...slots.values()].flat().map(({ line }) => line)

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
      if (!linesOf(turn).some(discounts)) return
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
      const most = grant(turn, 'minor', product(copayment, effect.mostPpm, 1_000_000, down))
      const value = product(most, 10 ** type.scale, type.valueMinor, down)
      if (value === 0) return
      const amountMinor = product(value, type.valueMinor, 10 ** type.scale, down)
      turn.gave.minor += amountMinor
      book.payable.push({
        rule: rule.id,
        pointType: type.code,
        points: value,
        amountMinor,
      })
      return done()
    }
    case 'voucherIssue': {
      if (!linesOf(turn).some((line) => earns(world, line))) return
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
    for (const { line, milli } of dearest(turn, turn.slots.get(slot.name) as readonly Bit[])) {
      use(line, Math.min(missing, milli))
      missing -= Math.min(missing, milli)
    }
  }
}

/** How many vouchers a rule finds that does nothing but redeem them. */
const vouchersFor = ({ input, book }: World, { then: [effect, more] }: Rule): number => {
  if (effect?.do !== 'basketOff' || effect.voucher === undefined || more !== undefined) return Number.MAX_SAFE_INTEGER
  const isOpen = (use: number): boolean => !book.redeemed.some((each) => each.use === use)
  return input.vouchers.filter(({ kind, use }) => kind === effect.voucher && isOpen(use)).length
}

/** Applies one rule whose condition holds. False, and nothing changed, where it has no effect. */
export const referenceEffects = (world: World, rule: Rule): boolean => {
  const { book } = world
  if (rule.excludes?.some((tag) => book.tags.includes(tag)) === true) return false
  if (rule.tags?.some((tag) => book.excluded.includes(tag)) === true) return false
  const slots = new Map((rule.slots ?? []).map((slot) => [slot.name, bitsOf(world, rule, slot)]))
  const times = Math.min(timesOf(world, rule, slots), vouchersFor(world, rule))
  const turn = times === 0 ? undefined : begin(world, rule, slots, times)
  if (turn === undefined) return false
  const before = structuredClone(book)
  for (const effect of rule.then) {
    one(turn, effect)
    if (turn.dropped !== undefined) {
      world.book = before
      withhold(world, rule, turn.dropped)
      return false
    }
  }
  if (turn.gave.anything) settle(turn)
  return turn.gave.anything
}
