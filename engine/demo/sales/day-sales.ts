/**
 * The demo's sales and what comes back of them, day after day. Days must be made in order: tills chain their documents, vouchers are used up and
 * purses fill. The same days give the same bytes.
 */
import { type QuoteRequest, type Sale, type Use, type Uuid, utcOffsetMinutes } from '@premia/pos-sdk/contract/till'
import { returnOf } from '@premia/pos-sdk/returns'
import { type Minor, mulDiv } from '@premia/rules'
import type { DemoDay } from '../days.ts'
import { demoId } from '../identity.ts'
import { type DemoOutlet, type DemoTerminal, terminals } from '../outlets.ts'
import { type Random, randomOf } from '../random.ts'
import { type DemoVoucher, goodVouchers } from '../vouchers.ts'
import { drawLines } from './basket.ts'
import { type Customer, drawCustomer, memberFacts } from './customer.ts'
import { payRest, payWithPoints } from './payment.ts'
import { type PlannedSale, planDay } from './plan.ts'
import { type Pricing, pricingOf, reduced, totalsOf } from './pricing.ts'
import { Purses } from './purse.ts'
import { ComingBack, type MadeSale, type PlannedReturn } from './returns.ts'
import { type ChainedSale, Till } from './till.ts'

type Vouchers = ReadonlyMap<Uuid | undefined, readonly DemoVoucher[]>

export class DemoSales {
  readonly #days: readonly DemoDay[]
  readonly #pricing: Pricing
  readonly #tills = new Map<DemoTerminal, Till>(terminals.map((terminal) => [terminal, new Till(terminal)]))
  readonly #purses = new Purses()
  readonly #used = new Set<Uuid>()
  readonly #comingBack: ComingBack
  #next = 0

  constructor(days: readonly DemoDay[]) {
    this.#days = days
    this.#pricing = pricingOf(days)
    this.#comingBack = new ComingBack(days)
  }

  /** The sales and returns of the next day, in the order in which they happen. */
  nextDay(): readonly ChainedSale[] {
    const day = this.#days[this.#next]
    if (day === undefined) throw new RangeError('the demo has no more days')
    this.#next += 1
    const vouchers = goodVouchers(day)
    const made = planDay(this.#days, day).flatMap((planned, place) => {
      const before = this.#comingBack.take(day.index, planned.atMs).map((each) => this.#takeBack(each))
      const random = randomOf(`sale:${day.index}:${place}`)
      const sale = this.#sale(planned, { day, vouchers, random })
      this.#comingBack.note(sale, place)
      return [...before, sale.made]
    })
    return [...made, ...this.#comingBack.take(day.index).map((each) => this.#takeBack(each))]
  }

  #takeBack({ of, units, reason, hasReceipt, planned, day }: PlannedReturn): ChainedSale {
    const { made, member, promised } = of
    const { terminal, staff, occurredAtMs, sentAtMs } = planned
    // The till that takes it back gives it a number of its own.
    const back = returnOf(made.sale, { units, reason, document: made.sale.document })
    if (back.status === 'refused') throw new Error(`the demo returns what it has not sold: ${back.detail}`)
    const { lines, adjustments, tenders, totals } = back.draft
    if (member !== undefined && hasReceipt)
      this.#purses.takeBack(
        member,
        mulDiv(promised, totals.grossMinor, Math.max(1, made.sale.totals.grossMinor), 'halfUp'),
      )
    const receipt = { sale: made.sale.id, document: made.sale.document.number }
    return this.#till(terminal).takeBack(
      {
        ...localDayOf(terminal.outlet, occurredAtMs),
        staff: { code: staff.code },
        currency: made.sale.currency,
        channel: made.sale.channel,
        original: { ...(hasReceipt ? receipt : {}), reason },
        cards: [],
        lines: hasReceipt ? lines : lines.map(({ originalLine: _, ...line }) => line),
        adjustments,
        tenders,
        totals,
        uses: [],
      },
      { occurredAtMs, sentAtMs, day },
    )
  }

  #sale(planned: PlannedSale, { day, vouchers, random }: Today): MadeSale {
    const { terminal, staff, occurredAtMs, sentAtMs } = planned
    const { outlet } = terminal
    const customer = drawCustomer(outlet, day.index, random)
    const wished = this.#voucher(customer, outlet, vouchers, random)
    const quote = quoteOf(planned, customer, wished, random)
    const member = customer.members.find((each) => each.program === this.#pricing.steering(outlet))
    const outcome = this.#pricing.judge({
      quote,
      outlet,
      staff,
      member: member === undefined ? undefined : memberFacts(member, customer.cardKind),
      voucherKind: (code) => (code === wished?.code ? wished.kind : undefined),
    })
    const priced = reduced(quote.lines, outcome, this.#pricing)
    const totals = totalsOf(priced)
    const uses = redeemedUses(quote.uses, outcome.redeemed, wished, this.#used)
    const points =
      member === undefined
        ? undefined
        : payWithPoints({ member, outcome, purses: this.#purses, day: day.index }, random)
    if (member !== undefined) this.#purses.promise(member, outcome.awards, day.index)
    const rest = totals.payableMinor - (points?.amountMinor ?? 0)
    const made = this.#till(terminal).finish(
      {
        ...withoutHead(quote),
        ...priced,
        uses: points === undefined ? uses : [...uses, points],
        tenders: [
          ...(points === undefined
            ? []
            : [{ kind: 'points' as const, amountMinor: points.amountMinor, useRef: uses.length }]),
          ...payRest(rest, outlet, random),
        ],
        totals,
        ...(customer.taxId === undefined ? {} : { invoiceTo: customer.taxId }),
      },
      { occurredAtMs, sentAtMs, day: day.index },
    )
    const promised = member === undefined ? 0 : this.#purses.promised(member, outcome.awards)
    const held = member === undefined ? 0 : this.#purses.most(member)
    return { made, planned, day, promised, held, ...(member === undefined ? {} : { member }) }
  }

  #till(terminal: DemoTerminal): Till {
    const till = this.#tills.get(terminal)
    if (till === undefined) throw new RangeError(`no till ${terminal.name}`)
    return till
  }

  /** A voucher the customer holds, or one from a leaflet; rarely one that was used before. */
  #voucher(customer: Customer, outlet: DemoOutlet, vouchers: Vouchers, random: Random): DemoVoucher | undefined {
    if (!random.percent(14)) return undefined
    const program = this.#pricing.steering(outlet)
    const member = customer.members.find((each) => each.program === program)
    const own = member === undefined ? [] : (vouchers.get(member.id) ?? [])
    const leaflets = random.percent(9) ? (vouchers.get(undefined) ?? []) : []
    const usedBefore = random.percent(1.5)
    return [...own, ...leaflets].find(
      (voucher) => voucher.program === program && this.#used.has(voucher.id) === usedBefore,
    )
  }
}

interface Today {
  readonly day: DemoDay
  readonly vouchers: Vouchers
  readonly random: Random
}

/** What stands in a quote but is written by the till. */
const withoutHead = ({ schema: _s, id: _i, kind: _k, terminal: _t, occurredAt: _o, ...rest }: QuoteRequest) => rest

const emptyTotals: Sale['totals'] = {
  grossMinor: 0 as Minor,
  reductionMinor: 0 as Minor,
  reimbursedMinor: 0 as Minor,
  roundingMinor: 0 as Minor,
  payableMinor: 0 as Minor,
}

const channelOf = (outlet: DemoOutlet, random: Random): Sale['channel'] =>
  outlet.type === 'pharmacy' && random.percent(2) ? 'online' : 'counter'

const localDayOf = ({ zone }: DemoOutlet, atMs: number): Pick<Sale, 'utcOffsetMinutes' | 'businessDate'> => {
  const offset = utcOffsetMinutes(zone, atMs)
  return {
    utcOffsetMinutes: offset,
    businessDate: new Date(atMs + offset * 60_000).toISOString().slice(0, 10),
  }
}

const quoteOf = (
  planned: PlannedSale,
  customer: Customer,
  wished: DemoVoucher | undefined,
  random: Random,
): QuoteRequest => {
  const { outlet, id } = planned.terminal
  const local = localDayOf(outlet, planned.occurredAtMs)
  return {
    schema: 1,
    id: demoId('quote', 'demo'),
    kind: 'sale',
    terminal: id,
    occurredAt: new Date(planned.occurredAtMs).toISOString() as Sale['occurredAt'],
    ...local,
    // One in a thousand was rung up by somebody the engine does not know.
    staff: { code: random.percent(0.1) ? '1099' : planned.staff.code },
    currency: outlet.currency,
    channel: channelOf(outlet, random),
    cards: customer.cards,
    lines: drawLines(outlet, local.businessDate, random),
    adjustments: [],
    uses: wished === undefined ? [] : [{ kind: 'voucher', code: wished.code, amountMinor: wished.valueMinor as Minor }],
    tenders: [],
    totals: emptyTotals,
  }
}

/** The voucher stays in the sale only where a rule took it. */
const redeemedUses = (
  uses: readonly Use[],
  redeemed: readonly { readonly use: number; readonly amountMinor: Minor }[] | undefined,
  voucher: DemoVoucher | undefined,
  used: Set<Uuid>,
): readonly Use[] => {
  const taken = redeemed?.[0]
  const use = uses[0]
  if (taken === undefined || use === undefined || voucher === undefined) return []
  used.add(voucher.id)
  return [{ ...use, amountMinor: taken.amountMinor }] as readonly Use[]
}
