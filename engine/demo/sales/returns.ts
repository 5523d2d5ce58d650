/**
 * What comes back of the demo's sales: which, when, where and why. Decided when the sale is made, by chance of its own, so
 * that the sales stay what they are. The first occasion of each kind of return is always taken: a short demo has them all.
 */
import type { Sale } from '@premia/pos-sdk/contract/till'
import type { ReturnedUnits } from '@premia/rules'
import type { DemoDay } from '../days.ts'
import { type DemoOutlet, type DemoTerminal, terminals } from '../outlets.ts'
import type { DemoMember } from '../people/member.ts'
import { type DemoProgram, programs } from '../programs.ts'
import { type Random, randomOf } from '../random.ts'
import { staffOf } from '../staff.ts'
import { hourMs, isOpenAt, minuteMs, openMinuteMs, type PlannedSale, plannedAt } from './plan.ts'
import type { ChainedSale } from './till.ts'

type Reason = NonNullable<Sale['original']>['reason']

/** A sale that was made, and whose points it is believed to have brought. */
export interface MadeSale {
  readonly made: ChainedSale
  readonly planned: PlannedSale
  readonly day: DemoDay
  readonly member?: DemoMember
  /** Main points the till promised, in the least unit. */
  readonly promised: number
  /** Main points that the member has behind it, at most. */
  readonly held: number
}

/** A return that will be made. */
export interface PlannedReturn {
  readonly of: MadeSale
  readonly units: readonly ReturnedUnits[]
  readonly reason: Reason
  /** Without it nobody can say of which sale the goods are. */
  readonly hasReceipt: boolean
  readonly day: number
  readonly planned: PlannedSale
}

/** Percent of the sales of an outlet of which something comes back. */
const shares = { shop: 2.2, pharmacy: 0.5 } as const
const voidPercent = 0.08
/** Percent of the sales in which points are spent that let an older sale come back. */
const spentPercent = 5
const firstSpent = 2
const lastDays = 5
/** A line that is down so long: its till's goods come back at another till before the engine knows of the sale. */
const longOutageMs = 12 * hourMs
const daysMax = 10
const withoutReceipt = 2

const shopReasons = [
  ['customer', 52],
  ['defect', 20],
  ['exchange', 19],
  ['mistake', 8],
  ['recall', 1],
] as const
/** A medicine that left the pharmacy comes back when something is wrong with it, never else. */
const pharmacyReasons = [
  ['defect', 74],
  ['recall', 26],
] as const
const delays = [
  [0, 24],
  [1, 22],
  [2, 16],
  [3, 11],
  [4, 8],
  [5, 6],
  [6, 5],
  [7, 4],
  [8, 2],
  [9, 1],
  [10, 1],
] as const

interface Place {
  readonly terminals: readonly DemoTerminal[]
  readonly day: number
  /** Not before. */
  readonly fromMs: number
}

interface Asked {
  /** Counted from this day and moment. */
  readonly day: number
  readonly afterMs: number
  readonly units: readonly ReturnedUnits[]
  /** Days until then; absent: by chance. */
  readonly waitsDays?: number
}

const tillsOf = (outlet: DemoOutlet): readonly DemoTerminal[] =>
  terminals.filter((terminal) => terminal.outlet === outlet)

const programOf = ({ planned }: MadeSale): DemoProgram | undefined =>
  programs.find(({ steers }) => steers.includes(planned.terminal.outlet))

const allOf = ({ made }: MadeSale): readonly ReturnedUnits[] =>
  made.sale.lines.map(({ number, quantityMilli }) => ({ line: number, quantityMilli }))

/** Often one thing only, and of several of its kind mostly one. */
const someOf = (sale: MadeSale, random: Random): readonly ReturnedUnits[] => {
  if (random.percent(22)) return allOf(sale)
  const { number, quantityMilli, unit } = random.pick(sale.made.sale.lines)
  const isOne = unit === 'piece' && quantityMilli >= 2_000 && random.percent(75)
  return [{ line: number, quantityMilli: isOne ? (1_000 as typeof quantityMilli) : quantityMilli }]
}

const isPaidWithPoints = ({ made }: MadeSale): boolean => made.sale.tenders.some(({ kind }) => kind === 'points')

export class ComingBack {
  readonly #days: readonly DemoDay[]
  readonly #coming: PlannedReturn[] = []
  readonly #seen = new Map<string, number>()
  /** By member the sale that promised most of late. */
  readonly #best = new Map<string, MadeSale>()

  constructor(days: readonly DemoDay[]) {
    this.#days = days
  }

  /** Decides whether something of a sale will come back; `place` is that of the sale in its day. */
  note(sale: MadeSale, place: number): void {
    const random = randomOf(`return:${sale.day.index}:${place}`)
    const coming = this.#early(sale, random) ?? this.#afterPoints(sale, random) ?? this.#plain(sale, random)
    this.#remember(sale, coming)
    if (coming !== undefined) this.#coming.push(coming)
  }

  /** Those made until then, in their order. */
  take(day: number, untilMs = Number.POSITIVE_INFINITY): readonly PlannedReturn[] {
    const due = this.#coming.filter((each) => each.day === day && each.planned.atMs <= untilMs)
    for (const each of due) this.#coming.splice(this.#coming.indexOf(each), 1)
    return due.sort((a, b) => a.planned.atMs - b.planned.atMs || (a.of.made.sale.id < b.of.made.sale.id ? -1 : 1))
  }

  /** Of a till whose line is down for long: brought back at the next till, whose line is not. */
  #early(sale: MadeSale, random: Random): PlannedReturn | undefined {
    const { terminal, atMs, sentAtMs } = sale.planned
    if (terminal.outlet.type !== 'shop' || sentAtMs - atMs < longOutageMs) return undefined
    const others = tillsOf(terminal.outlet).filter((each) => each !== terminal)
    const key = `outage:${terminal.id}:${sentAtMs}`
    if (others.length === 0 || this.#count(key) > 0) return undefined
    const fromMs = atMs + random.between(40, 90) * minuteMs
    if (!isOpenAt(terminal.outlet, sale.day, fromMs)) return undefined
    this.#add(key)
    return this.#at({ terminals: others, day: sale.day.index, fromMs }, { sale, reason: 'customer' }, random)
  }

  /** Points that were spent make the two hard cases: they come back themselves, or those of an older sale are gone. */
  #afterPoints(sale: MadeSale, random: Random): PlannedReturn | undefined {
    const program = programOf(sale)
    if (program === undefined || !isPaidWithPoints(sale)) return undefined
    const older = sale.member === undefined ? undefined : this.#best.get(sale.member.id)
    const isGone = older !== undefined && older.promised > sale.held
    const soon = { day: sale.day.index, afterMs: sale.planned.atMs, waitsDays: random.below(2) }
    // Whoever looks at the demo when it is made sees debts that nothing has made up for yet.
    const part = sale.day.index < this.#days.length - lastDays ? 'first' : 'last'
    if (isGone && this.#isTaken(`spent:${program.key}:${part}`, firstSpent, spentPercent, random)) {
      this.#best.delete(sale.member?.id ?? '')
      return this.#later(older, { ...soon, units: allOf(older) }, random)
    }
    const isShop = sale.planned.terminal.outlet.type === 'shop'
    if (!isShop || !this.#isTaken(`points:${program.key}`, 1, spentPercent, random)) return undefined
    return this.#later(sale, { ...soon, units: allOf(sale) }, random)
  }

  #plain(sale: MadeSale, random: Random): PlannedReturn | undefined {
    const { outlet } = sale.planned.terminal
    const isShop = outlet.type === 'shop'
    if (isShop && this.#isTaken('void', 1, voidPercent, random)) {
      const fromMs = sale.planned.atMs + random.between(2, 9) * minuteMs
      const place = { terminals: [sale.planned.terminal], day: sale.day.index, fromMs }
      return this.#at(place, { sale, reason: 'void' }, random)
    }
    if (!random.percent(shares[outlet.type])) return undefined
    const asked = { day: sale.day.index, afterMs: sale.planned.atMs, units: someOf(sale, random) }
    return this.#later(sale, asked, random)
  }

  /** Some hours to ten days later, when the outlet is open; at times at another one of the program. */
  #later(sale: MadeSale, { day, afterMs, units, waitsDays }: Asked, random: Random): PlannedReturn | undefined {
    const { outlet } = sale.planned.terminal
    const isShop = outlet.type === 'shop'
    const others = isShop ? (programOf(sale)?.steers ?? []).filter((each) => each !== outlet) : []
    const isElsewhere = others.length > 0 && this.#isTaken('elsewhere', 1, 6, random)
    const where = isElsewhere ? random.pick(others) : outlet
    const reason = random.weighted<Reason>(isShop ? shopReasons : pharmacyReasons)
    for (let on = day + (waitsDays ?? random.weighted(delays)); on <= sale.day.index + daysMax; on += 1) {
      const today = this.#days[on]
      if (today === undefined) return undefined
      const fromMs =
        on === day ? afterMs + random.between(70, 420) * minuteMs : (openMinuteMs(where, today, random) ?? 0)
      if (!isOpenAt(where, today, fromMs)) continue
      const hasReceipt = !isShop || isElsewhere || isPaidWithPoints(sale) || this.#count('bare') >= withoutReceipt
      if (!hasReceipt) this.#add('bare')
      return this.#at({ terminals: tillsOf(where), day: on, fromMs }, { sale, reason, units, hasReceipt }, random)
    }
    return undefined
  }

  #at(
    { terminals: tills, day, fromMs }: Place,
    returned: {
      readonly sale: MadeSale
      readonly reason: Reason
      readonly units?: readonly ReturnedUnits[]
      readonly hasReceipt?: boolean
    },
    random: Random,
  ): PlannedReturn {
    const { sale, reason, units = allOf(sale), hasReceipt = true } = returned
    const terminal = random.pick(tills)
    const staff = reason === 'void' ? sale.planned.staff : random.pick(staffOf(terminal.outlet))
    const planned = plannedAt({ terminal, staff, atMs: fromMs }, this.#days[day] as DemoDay, this.#days)
    return { of: sale, units, reason, hasReceipt, day, planned }
  }

  #remember(sale: MadeSale, coming: PlannedReturn | undefined): void {
    const { member, promised, day } = sale
    if (member === undefined || isPaidWithPoints(sale) || coming?.of === sale) return
    const best = this.#best.get(member.id)
    if (best !== undefined && best.promised >= promised && day.index - best.day.index < daysMax - 2) return
    this.#best.set(member.id, sale)
  }

  /** The first few occasions are all taken, then so many of a hundred. */
  #isTaken(kind: string, first: number, percent: number, random: Random): boolean {
    const isTaken = random.percent(percent) || this.#count(kind) < first
    if (isTaken) this.#add(kind)
    return isTaken
  }

  #count(kind: string): number {
    return this.#seen.get(kind) ?? 0
  }

  #add(kind: string): void {
    this.#seen.set(kind, this.#count(kind) + 1)
  }
}
