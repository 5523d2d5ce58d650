import type { MemberInput } from '@premia/pos-sdk/contract/admin'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { demoId } from '../identity.ts'
import { cui, gtin13, nip } from '../numbers.ts'
import { type DemoOutlet, outlets } from '../outlets.ts'
import { type DemoProgram, type ProgramKey, programs, programsAt } from '../programs.ts'
import { type Random, randomOf } from '../random.ts'
import { drawPerson, type Person } from './person.ts'

export const personCount = 5000
const companyCount = 60

export interface DemoCard {
  readonly id: Uuid
  readonly number: string
  readonly kind: string
  /** Why it was blocked before the first day. */
  readonly blocked?: string
}

/** One person's or company's place in one program. */
export interface DemoMember {
  readonly id: Uuid
  readonly program: DemoProgram
  readonly kind: 'person' | 'company'
  /** Index of the day before whose opening they join; negative: they were there already, so many days before. */
  readonly joinDay: number
  readonly tier?: string
  readonly segments: readonly string[]
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly healthConsent: boolean
  readonly cards: readonly DemoCard[]
}

/** Somebody who shops: with a member in one program, or in two. */
export interface Shopper {
  readonly person: Person | undefined
  readonly home: DemoOutlet
  /** A company's: its purchases are invoiced. */
  readonly taxId?: string
  readonly members: readonly DemoMember[]
}

const blockReasons = [
  'Zgubiona karta zgłoszona w placówce',
  'Karta skradziona',
  'Prośba uczestnika',
  'Card pierdut, anunțat la casă',
]

const cardKinds = (program: DemoProgram): readonly string[] =>
  program.document.cardKinds.map((kind) => kind.code).filter((code) => !code.startsWith('firm'))

const cardNumber = (prefix: string, place: number, nth: number): string =>
  gtin13(`${prefix}${String(place).padStart(6, '0')}${nth}${String((place * 37) % 1000).padStart(3, '0')}`)

/** Members of both programs of an organizer often have one number for both. */
const drawCards = (program: DemoProgram, place: number, random: Random): readonly DemoCard[] => {
  const prefix = program.key === 'neighbours' && !random.percent(35) ? '25' : program.key === 'cherry' ? '27' : '24'
  const kinds = cardKinds(program)
  const count = random.weighted([
    [1, 70],
    [2, 24],
    [3, 6],
  ])
  return Array.from({ length: count }, (_, nth) => ({
    id: demoId('card', `${program.key}-${place}-${nth}`),
    number: cardNumber(prefix, place, nth),
    kind: (nth === 0 && random.percent(60) ? kinds[0] : random.pick(kinds)) ?? 'plastik',
    ...(random.percent(1.2)
      ? { blocked: random.pick(program.key === 'cherry' ? blockReasons.slice(3) : blockReasons.slice(0, 3)) }
      : {}),
  }))
}

const drawSegments = (person: Person | undefined, random: Random): readonly string[] => {
  const year = Number(person?.birthDate?.slice(0, 4) ?? 0)
  return [
    ...(year > 0 && year < 1962 ? ['senior'] : []),
    ...(year > 1980 && year < 2000 && random.percent(30) ? ['rodzice'] : []),
    ...(random.percent(18) ? ['dermo'] : []),
    ...(random.percent(10) ? ['bio'] : []),
  ]
}

const drawMember = (program: DemoProgram, person: Person | undefined, place: number): DemoMember => {
  const random = randomOf(`member:${program.key}:${place}`)
  const joinDay = random.percent(13) ? random.below(89) : -random.between(1, 640)
  const tiers = program.document.tiers
  const tier =
    joinDay >= 0 ? tiers[0] : random.weighted(tiers.map((each, rank) => [each, [70, 24, 8][rank] ?? 1] as const))
  return {
    id: demoId('member', `${program.key}-${place}`),
    program,
    kind: person === undefined ? 'company' : 'person',
    joinDay,
    ...(tier === undefined ? {} : { tier: tier.code }),
    segments: drawSegments(person, random),
    attributes: random.percent(22) ? { dzieci: random.between(1, 3) } : {},
    healthConsent: random.percent(46),
    cards:
      person === undefined
        ? [
            {
              id: demoId('card', `${program.key}-${place}-0`),
              number: cardNumber('26', place, 0),
              kind: program.key === 'cherry' ? 'firma' : 'firmowa',
            },
          ]
        : drawCards(program, place, random),
  }
}

/** Chance in a hundred that a shopper of the outlet is in the program. */
const joins = (program: ProgramKey, home: DemoOutlet): number => {
  if (program === 'cherry') return 100
  if (programsAt(home).some((each) => each.key === program))
    return programsAt(home).length === 1 ? 100 : program === 'pharmacies' ? 88 : 45
  return home.country === 'PL' ? 14 : 0
}

const programsOf = (home: DemoOutlet, random: Random): readonly DemoProgram[] => {
  const chosen = programs.filter(
    (program) => home.country === (program.key === 'cherry' ? 'RO' : 'PL') && random.percent(joins(program.key, home)),
  )
  return chosen.length > 0 ? chosen : programsAt(home).slice(0, 1)
}

const taxIdOf = (home: DemoOutlet, place: number): string => {
  if (home.country === 'RO') return `RO${cui(String(3_000_000 + place * 137).slice(0, 7))}`
  const digits = 630_000_000 + place * 7013
  // A number without a check digit does not exist: the next one does.
  return nip(String(digits)) ?? nip(String(digits + 1)) ?? String(digits)
}

const shopperOf = (place: number): Shopper => {
  const random = randomOf(`shopper:${place}`)
  const home = random.weighted(outlets.map((outlet) => [outlet, outlet.busy] as const))
  const company = place >= personCount
  const person = company
    ? undefined
    : drawPerson(demoId('person', place), { country: home.country, city: home.city, number: place }, random)
  return {
    person,
    home,
    ...(company ? { taxId: taxIdOf(home, place) } : {}),
    members: programsOf(home, random).map((program) => drawMember(program, person, place)),
  }
}

/** The 5,000 persons and some companies with their members and cards. */
export const shoppers: readonly Shopper[] = Array.from({ length: personCount + companyCount }, (_, place) =>
  shopperOf(place),
)

/** A member as the engine enrols it. */
export const memberInput = (shopper: Shopper, member: DemoMember, joinedAt: MemberInput['joinedAt']): MemberInput => ({
  id: member.id,
  kind: member.kind,
  joinedAt,
  ...(member.program.outlets.includes(shopper.home) ? { joinedOutlet: shopper.home.id } : {}),
  ...(member.tier === undefined ? {} : { tier: member.tier }),
  segments: member.segments,
  attributes: member.attributes,
  ...(shopper.person === undefined ? {} : { person: shopper.person }),
  healthConsent: member.healthConsent,
  cards: member.cards.map(({ id, number, kind }) => ({ id, number, kind })),
})
