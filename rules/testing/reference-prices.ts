import type { Effect, LineFacts, Off, Rounding, UnitPick } from '../index.ts'
import { discounts, type World } from './reference-world.ts'
import { canonical, product, rounded, spreadWithin } from './reference-numbers.ts'
import { dearest, floorPart, sum, takeOff, type Bit, type Turn } from './reference-turn.ts'

export const floorOf = (line: LineFacts): number =>
  Math.max(
    line.reimbursedMinor,
    Number(rounded(BigInt(line.floorMinor ?? 0) * BigInt(line.quantityMilli), 1000n, 'ceil')),
  )
export const roomOf = ({ book }: World, line: LineFacts, milli: number): number => {
  const { quantityMilli, reimbursedMinor, floorMinor = 0 } = line
  const remaining = book.remaining[line.number] as number
  const whole = Math.max(0, remaining - floorOf(line))
  if (milli === quantityMilli) return whole
  const ofPart = (amount: number): number =>
    Number(rounded(BigInt(amount) * BigInt(milli), BigInt(quantityMilli), 'ceil'))
  const least = Math.max(Number(rounded(BigInt(floorMinor) * BigInt(milli), 1000n, 'ceil')), ofPart(reimbursedMinor))
  return Math.max(0, Math.min(whole, floorPart(remaining, milli, quantityMilli) - least))
}
export const money = (rounding: Rounding | undefined) => ({
  mode: rounding?.mode ?? ('halfUp' as const),
  increment: rounding?.increment ?? 1,
})

/** The units of an amount one by one: the first `amount mod units` are one minor unit dearer. */
export const unitsOf = (amount: number, milli: number): { readonly value: number; readonly times: number }[] => {
  if (milli % 1000 !== 0) return [{ value: amount, times: 1 }]
  const units = milli / 1000
  const low = Math.floor(amount / units)
  return [
    { value: low + 1, times: amount - low * units },
    { value: low, times: units - (amount - low * units) },
  ]
}

export const seen = (turn: Turn, of: string | undefined): readonly Bit[] =>
  of === undefined
    ? turn.world.lines.map((line) => ({ line, milli: line.quantityMilli }))
    : (turn.slots.get(of) as readonly Bit[])

/** So many groups as an effect says, and one for each repeat where a slot says how often. */
const mostGroups = ({ rule, times }: Turn, most: number | undefined): number =>
  Math.min(most ?? 1_000_000, rule.slots?.some(({ each }) => each !== undefined) === true ? times : 1_000_000)

/** Writes every whole unit down, groups them and takes the chosen ones of each full group. */
export const picked = (turn: Turn, bits: readonly Bit[], pick: UnitPick): Bit[] => {
  const units = dearest(turn, bits).flatMap((bit) =>
    Array.from({ length: Math.floor(bit.milli / 1000) }, () => bit.line),
  )
  const kindOf = (line: LineFacts): unknown => (pick.sameProduct === true ? line.product?.id : 'any')
  const taken = new Map<LineFacts, number>()
  const used = new Map<number, number>(turn.taken)
  const touched = new Set<LineFacts>()
  let groups = 0
  for (const kind of new Set(units.map(kindOf))) {
    const alike = units.filter((line) => kind !== undefined && kindOf(line) === kind)
    for (; alike.length >= pick.outOf && groups < mostGroups(turn, pick.atMostGroups); groups += 1) {
      const members = alike.splice(0, pick.outOf)
      const chosen = pick.take === 'dearest' ? members.slice(0, pick.units) : members.slice(pick.outOf - pick.units)
      for (const line of chosen) taken.set(line, (taken.get(line) ?? 0) + 1000)
      for (const line of members) {
        if (!touched.has(line)) used.set(line.number, 0)
        touched.add(line)
        used.set(line.number, (used.get(line.number) as number) + 1000)
      }
    }
  }
  turn.taken = used
  return [...taken].map(([line, milli]) => ({ line, milli }))
}

export const sharesOff = (
  turn: Turn,
  bits: readonly Bit[],
  how: { off: Off; rounding: Rounding | undefined; from: Record<number, number> },
): Map<LineFacts, number> => {
  const { world } = turn
  const { off, rounding, from } = how
  const amount = ({ line, milli }: Bit): number => floorPart(from[line.number] as number, milli, line.quantityMilli)
  const capped = (bit: Bit, value: number): [LineFacts, number] => [
    bit.line,
    Math.max(0, Math.min(value, roomOf(world, bit.line, bit.milli))),
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
    bits.map((bit) => ({ line: bit.line, weight: amount(bit), room: roomOf(world, bit.line, bit.milli) })),
  )
  return new Map(bits.map(({ line }) => [line, shares.get(line.number) as number]))
}

export const steer = (turn: Turn, effect: Extract<Effect, { do: 'setPrice' | 'priceOff' }>): void => {
  const { world } = turn
  const { book } = world
  const wanted = new Map<LineFacts, { readonly off: number; readonly price: number }>()
  for (const { line } of seen(turn, effect.of)) {
    if (!discounts(line)) continue
    const before = book.unitPrice[line.number] as number
    let price: number
    if (effect.do === 'setPrice') price = effect.unitPriceMinor
    else if (effect.off.kind === 'amount') price = before - effect.off.minor
    else {
      const from = effect.on === 'original' ? line.unitPriceMinor : before
      price = before - product(from, effect.off.ppm, 1_000_000, money(effect.rounding))
    }
    price = Math.max(price, 0, line.floorMinor ?? 0)
    if (price >= before) continue
    const at = (unit: number): number => Number(rounded(BigInt(unit) * BigInt(line.quantityMilli), 1000n, 'halfUp'))
    const off = at(before) - at(price)
    if (off > 0 && off <= (book.remaining[line.number] as number) - floorOf(line)) wanted.set(line, { off, price })
  }
  const total = sum([...wanted.values()].map(({ off }) => off))
  if (total > turn.minor.left && turn.minor.limit?.over === 'drop') {
    turn.dropped = turn.minor.limit
    return
  }
  let left = turn.minor.left
  for (const line of total > left ? canonical([...wanted.keys()]) : []) {
    const { off } = wanted.get(line) as { off: number }
    if (off > left) wanted.delete(line)
    else left -= off
  }
  const offs = new Map([...wanted].map(([line, { off }]): [LineFacts, number] => [line, off]))
  if (takeOff(turn, effect, offs, total) === 0) return
  for (const [{ number, lowestPrices = {} }, { price }] of wanted) {
    book.unitPrice[number] = price
    book.steered[number] = price
    const lowest = lowestPrices[turn.rule.id]
    if (lowest !== undefined) book.lowest[number] = Math.min(lowest, book.lowest[number] ?? lowest)
  }
}

export const lineOff = (turn: Turn, effect: Extract<Effect, { do: 'setPrice' | 'priceOff' }>): void => {
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
    return [line, Math.max(0, Math.min(amount - price, roomOf(turn.world, line, milli)))]
  })
  takeOff(turn, effect, new Map(wanted))
}

/** One set after the other, each of the dearest units that are left. */
export const bundle = (turn: Turn, effect: Extract<Effect, { do: 'bundlePrice' }>): void => {
  const { world } = turn
  const free = new Map<number, number>()
  for (const { of } of effect.parts)
    for (const { line, milli } of seen(turn, of)) free.set(line.number, Math.floor(milli / 1000))
  const used = new Map<LineFacts, number>()
  let sets = 0
  const now = ({ number, quantityMilli }: LineFacts, units: number): number =>
    floorPart(world.book.remaining[number] as number, units * 1000, quantityMilli)
  while (sets < mostGroups(turn, effect.atMostSets)) {
    const set = new Map<LineFacts, number>()
    let whole = true
    for (const { of, units } of effect.parts) {
      let missing = units
      for (const { line } of dearest(
        turn,
        seen(turn, of).filter((bit) => discounts(bit.line)),
      )) {
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
    .map(([line, units]) => ({ line, weight: now(line, units), room: roomOf(world, line, units * 1000) }))
    .sort((a, b) => a.line.number - b.line.number)
  const shares = spreadWithin(sum(parts.map(({ weight }) => weight)) - sets * effect.priceMinor, parts)
  takeOff(turn, effect, new Map(parts.map(({ line }) => [line, shares.get(line.number) as number])))
}

export const basketOff = (
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
      room: roomOf(world, bit.line, bit.milli),
    }))
  const total =
    how.off.kind === 'amount'
      ? product(how.off.minor, how.times, 1, money(how.rounding))
      : product(sum(parts.map(({ weight }) => weight)), how.off.ppm, 1_000_000, money(how.rounding))
  const shares = spreadWithin(total, parts)
  return takeOff(turn, effect, new Map(parts.map(({ line }) => [line, shares.get(line.number) as number])))
}

export const vouchers = (turn: Turn, effect: Extract<Effect, { do: 'basketOff' }>): void => {
  const { book, input } = turn.world
  if (effect.voucher === undefined) {
    basketOff(turn, effect, { off: effect.off, rounding: effect.rounding, times: turn.times, of: effect.of })
    return
  }
  const open = input.vouchers
    .filter(({ kind, use }) => kind === effect.voucher && !book.redeemed.some((each) => each.use === use))
    .sort((a, b) => a.use - b.use)
  let uses = 0
  for (const { use } of open.slice(0, effect.off.kind === 'percent' ? 1 : turn.times)) {
    const amountMinor = basketOff(turn, effect, { off: effect.off, rounding: effect.rounding, times: 1, of: effect.of })
    if (amountMinor === 0) break
    book.redeemed.push({ rule: turn.rule.id, use, amountMinor })
    uses += 1
  }
  if (turn.rule.then.length === 1) turn.times = uses
}
