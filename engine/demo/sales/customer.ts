import type { Sale } from '@premia/pos-sdk/contract/till'
import type { MemberFacts } from '@premia/rules'
import { gtin13 } from '../numbers.ts'
import { type DemoOutlet, outlets } from '../outlets.ts'
import { type DemoCard, type DemoMember, type Shopper, shoppers } from '../people/member.ts'
import { programsAt } from '../programs.ts'
import type { Random } from '../random.ts'

type Card = Sale['cards'][number]

/** Who stands at the counter and what they show. */
export interface Customer {
  readonly cards: readonly Card[]
  /** The member each program of the outlet will see. */
  readonly members: readonly DemoMember[]
  readonly cardKind?: string
  readonly taxId?: string
}

const anonymous: Customer = { cards: [], members: [] }

/** Shoppers who have a member in a program of the outlet: those who live near, and those who pass by. */
const visitors = new Map<DemoOutlet, { readonly near: readonly Shopper[]; readonly far: readonly Shopper[] }>(
  outlets.map((outlet) => {
    const here = programsAt(outlet)
    const able = shoppers.filter((shopper) => shopper.members.some((member) => here.includes(member.program)))
    const near = able.filter((shopper) => shopper.home === outlet)
    const far = able.filter((shopper) => shopper.home !== outlet && shopper.home.region === outlet.region)
    return [outlet, { near, far: far.length > 0 ? far : near }]
  }),
)

const shown = (card: DemoCard, random: Random): Card => ({
  number: card.number,
  entry: card.kind.startsWith('apli') ? 'app' : random.percent(88) ? 'scanned' : 'keyed',
  role: 'identify',
})

const cardOf = (member: DemoMember, random: Random): DemoCard => {
  const usable = member.cards.filter((card) => card.blocked === undefined)
  // Now and then somebody still takes the blocked one out of the purse.
  return usable.length === 0 || random.percent(3) ? random.pick(member.cards) : random.pick(usable)
}

const strangerCard = (outlet: DemoOutlet, random: Random): Customer => ({
  cards: [
    {
      number: gtin13(
        `${outlet.country === 'RO' ? '27' : '24'}9${String(random.below(1_000_000_000)).padStart(9, '0')}`,
      ),
      entry: 'scanned',
      role: 'identify',
    },
  ],
  members: [],
})

const dedupe = (cards: readonly Card[]): readonly Card[] => [
  ...new Map(cards.map((card) => [card.number, card])).values(),
]

/** Who comes to the counter of an outlet on a day; three in five show a card. */
export const drawCustomer = (outlet: DemoOutlet, day: number, random: Random): Customer => {
  if (!random.percent(60)) return random.percent(1.2) ? strangerCard(outlet, random) : anonymous
  const { near, far } = visitors.get(outlet) ?? { near: [], far: [] }
  const pool = random.percent(86) && near.length > 0 ? near : far
  const shopper = pool[random.favourite(pool.length)]
  const here = programsAt(outlet)
  const members = (shopper?.members ?? []).filter((member) => here.includes(member.program) && member.joinDay <= day)
  const first = members[0]
  if (shopper === undefined || first === undefined) return anonymous
  // With a card for each of two programs, most cashiers ask for both.
  const used = members.length > 1 && !random.percent(70) ? [first] : members
  const cards = used.map((member) => cardOf(member, random))
  const partner = random.percent(0.4)
    ? near.find((other) => other !== shopper && other.members.some(joined(first, day)))
    : undefined
  const second = partner?.members.find(joined(first, day))
  return {
    cards: dedupe([
      ...cards.map((card) => shown(card, random)),
      ...(second === undefined ? [] : [shown(cardOf(second, random), random)]),
    ]),
    members: used.filter((_, index) => cards[index]?.blocked === undefined),
    ...(cards[0] === undefined ? {} : { cardKind: cards[0].kind }),
    ...(shopper.taxId === undefined ? {} : { taxId: shopper.taxId }),
  }
}

const joined =
  (first: DemoMember, day: number) =>
  (member: DemoMember): boolean =>
    member.program === first.program && member.joinDay <= day

/** What the till knows of a member while it prices the basket. */
export const memberFacts = (member: DemoMember, cardKind: string | undefined): MemberFacts => ({
  id: member.id,
  ...(member.tier === undefined ? {} : { tier: member.tier }),
  ...(cardKind === undefined ? {} : { cardKind }),
  kind: member.kind,
  segments: member.segments,
  attributes: member.attributes,
  firstPurchase: false,
  birthday: false,
  visits: 1,
})
