import {
  type CatalogueProduct,
  type JudgedOutlet,
  type Line,
  localTime,
  periodsOf,
  type QuoteRequest,
  type SaleFacts,
  type Uuid,
} from '@premia/pos-sdk/contract/till'
import type { MemberFacts, ProgramDocument } from '@premia/rules'
import { type CardRow, isBirthday, type MemberPeriod, type MemberRow } from '../members/member.ts'
import type { LowestPrices } from '../prices/lowest.ts'
import { type Operator, type OutletPeriod, periodAt } from '../programs/directory.ts'
import type { Program } from '../programs/program.ts'

/** What the directory says of a sale as of its instant. */
export interface Place {
  readonly outlet: JudgedOutlet
  readonly zone: string
  readonly at: SaleFacts['at']
  readonly law: SaleFacts['law']
}

/** Where the sale was made, as of its instant; `undefined` when the directory does not know the outlet then. */
export const placeOf = (operator: Operator, outletId: Uuid, atMs: number): Place | undefined => {
  const row = operator.outlets.get(outletId)
  // A sale from before the outlet's first period, or after its last one, is still a sale of this outlet.
  const period = row === undefined ? undefined : (periodAt(row.periods, atMs) ?? nearest(row.periods, atMs))
  if (row === undefined || period === undefined) return undefined
  return {
    outlet: {
      id: outletId,
      groups: period.groups,
      type: period.type,
      country: row.country,
      ...(period.region === null ? undefined : { region: period.region }),
      owner: period.owner,
    },
    zone: period.zone,
    at: localTime(period.zone, atMs),
    law: operator.law(row.country, period.type, atMs),
  }
}

const nearest = (periods: readonly OutletPeriod[], atMs: number): OutletPeriod | undefined => {
  const first = periods[0]
  return first !== undefined && atMs < first.fromMs ? first : periods.at(-1)
}

/** Who served, if the operator knows them; anybody of the operator's staff may help out at another outlet. */
export const staffOf = (operator: Operator, sale: Pick<QuoteRequest, 'staff'>, atMs: number): Uuid | undefined => {
  const { staff } = sale
  if (staff === undefined) return undefined
  const id = staff.id ?? (staff.code === undefined ? undefined : operator.staff.idOfCode.get(staff.code))
  return id !== undefined && periodAt(operator.staff.periods.get(id), atMs) !== undefined ? id : undefined
}

export interface MemberAt {
  readonly member: MemberRow
  readonly card: CardRow
  readonly periods: readonly MemberPeriod[]
}

/** Tier and attributes as of the sale, visits and the first purchase as of booking. */
export const memberFacts = ({ member, card, periods }: MemberAt, atMs: number, localDate: string): MemberFacts => {
  const then = periodAt(periods, atMs) ?? earliest(periods) ?? member
  return {
    id: member.memberId,
    card: card.cardId,
    ...(then.tier === null ? undefined : { tier: then.tier }),
    cardKind: card.kind,
    kind: member.kind,
    segments: [...member.segments].sort(),
    attributes: then.attributes,
    firstPurchase: member.visits === 0,
    birthday: isBirthday(member.birthDay, localDate),
    visits: member.visits,
  }
}

/** A sale from before somebody became a member meets the tier they began with, never one they reached later. */
const earliest = (periods: readonly MemberPeriod[]): MemberPeriod | undefined =>
  periods.reduce<MemberPeriod | undefined>(
    (first, each) => (first === undefined || each.fromMs < first.fromMs ? each : first),
    undefined,
  )

export interface FactsQuery {
  readonly operator: Operator
  readonly program: Program
  readonly place: Place
  readonly atMs: number
  readonly staff: Uuid | undefined
  readonly member: MemberFacts | undefined
  readonly mayEarn: boolean
  readonly voucherKind: (code: string) => string | undefined
  /** Where prices are quoted: what has to be told beside the cuts. */
  readonly lowestPrices?: LowestPrices
}

/** `document` is the one the rule set was published with. */
export const saleFacts = (query: FactsQuery, document: ProgramDocument): SaleFacts => {
  const { operator, program, place, atMs } = query
  return {
    program: { id: program.publicId, document },
    outlet: place.outlet,
    at: place.at,
    periods: periodsOf(program.zone, atMs),
    law: place.law,
    product: (line: Line): CatalogueProduct | undefined => {
      const product = operator.catalogue.product(line, place.outlet.id as Uuid, atMs)
      const lowestPrices = product === undefined ? undefined : query.lowestPrices?.get(product.facts.id)
      return product === undefined || lowestPrices === undefined ? product : { ...product, lowestPrices }
    },
    voucherKind: query.voucherKind,
    ...(query.member === undefined ? undefined : { member: query.member }),
    ...(query.staff === undefined ? undefined : { staff: query.staff }),
    mayEarn: query.mayEarn,
  }
}
