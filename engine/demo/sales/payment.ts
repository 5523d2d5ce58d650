import type { Sale, Use } from '@premia/pos-sdk/contract/till'
import { type Minor, mulDiv, type Outcome } from '@premia/rules'
import type { DemoOutlet } from '../outlets.ts'
import type { DemoMember } from '../people/member.ts'
import type { Random } from '../random.ts'
import type { Purses } from './purse.ts'

type Tender = Sale['tenders'][number]
type PointsUse = Extract<Use, { readonly kind: 'points' }>

const methods = (outlet: DemoOutlet): readonly (readonly [Tender['kind'], number])[] =>
  outlet.country === 'RO'
    ? [
        ['cash', 38],
        ['card', 52],
        ['mealCard', 9],
        ['giftCard', 1],
      ]
    : [
        ['card', 63],
        ['cash', 34],
        ['giftCard', outlet.type === 'shop' ? 2 : 1],
        ['transfer', 1],
      ]

/** How the rest of a basket is paid: mostly in one way, sometimes in two. */
export const payRest = (restMinor: number, outlet: DemoOutlet, random: Random): readonly Tender[] => {
  if (restMinor === 0) return []
  const kind = random.weighted(methods(outlet))
  const most =
    kind === 'mealCard' ? 4_000 : kind === 'giftCard' ? 5_000 : random.percent(3) ? Math.ceil(restMinor / 2) : restMinor
  const first = Math.min(most, restMinor)
  const tenders: Tender[] = [{ kind, amountMinor: first as Minor }]
  if (first < restMinor)
    tenders.push({ kind: kind === 'cash' ? 'card' : 'cash', amountMinor: (restMinor - first) as Minor })
  return tenders
}

interface Wallet {
  readonly member: DemoMember
  readonly outcome: Outcome
  readonly purses: Purses
  readonly day: number
}

/** Paying with points: whole tens of points, at most what the payment rule allows and what the purse is believed to hold. */
export const payWithPoints = ({ member, outcome, purses, day }: Wallet, random: Random): PointsUse | undefined => {
  const { mainPointType, pointTypes } = member.program.document
  const type = pointTypes.find(({ code }) => code === mainPointType)
  const allowed = outcome.payable?.find((payable) => payable.pointType === mainPointType)
  if (type === undefined || allowed === undefined || member.kind === 'company') return undefined
  const wholePoint = 10 ** type.scale
  const amountOf = (points: number): number => mulDiv(points, type.valueMinor, wholePoint, 'floor')
  const step = 10 * wholePoint
  const use = (points: number): PointsUse => ({
    kind: 'points',
    program: member.program.id,
    pointType: type.code,
    points,
    amountMinor: amountOf(points) as Minor,
  })
  const mostPoints = mulDiv(allowed.amountMinor, wholePoint, type.valueMinor, 'floor')
  const held = purses.spendable(member, day)
  // Once in a while a till lets a customer pay with points that were already spent elsewhere.
  if (random.percent(0.12) && mostPoints >= 20 * step && held < step) return use(20 * step)
  const points = Math.floor(Math.min(held, mostPoints) / step) * step
  if (points < 4 * step || !random.percent(22)) return undefined
  purses.spend(member, day, points)
  return use(points)
}
