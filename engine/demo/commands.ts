/** The world of the demo as commands of the console's door. Ids are always the same: given again, nothing is done twice. */
import type { Actor, CommandName, Commands } from '@premia/pos-sdk/contract/admin'
import { instantOf, type Uuid } from '@premia/pos-sdk/contract/till'
import type { Calendar } from './calendar.ts'
import { categories } from './catalogue/categories.ts'
import { productInput, products } from './catalogue/product.ts'
import { demoId } from './identity.ts'
import { regimes } from './law.ts'
import { operatorId, organizations, ownerId } from './organizations.ts'
import { type DemoOutlet, outlets, terminals } from './outlets.ts'
import { type DemoMember, memberInput, type Shopper, shoppers } from './people/member.ts'
import { type DemoProgram, programs } from './programs.ts'
import { rewardsOf } from './rewards.ts'
import { programRules } from './rules/program-rules.ts'
import { staff } from './staff.ts'
import { voucherInput, vouchers } from './vouchers.ts'

/** Who makes the demo. */
export const demoActor: Actor = {
  actor: demoId('actor', 'demo'),
  name: 'Demo',
  operator: operatorId,
  programs: programs.map((program) => program.id),
  rights: ['*'],
}

type GivenOf<N extends CommandName> = {
  readonly name: N
  readonly input: Commands[N]['input']
  readonly details: { readonly id: Uuid; readonly program?: Uuid; readonly reason?: string }
}
export type Given = { readonly [N in CommandName]: GivenOf<N> }[CommandName]

/** Rows of one command. */
const page = 500

const pages = <T>(rows: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / page) }, (_, index) => rows.slice(index * page, (index + 1) * page))

const id = (key: string): { readonly id: Uuid } => ({ id: demoId('command', key) })
const of = (program: DemoProgram, key: string) => ({ ...id(`${program.key}:${key}`), program: program.id })

const directory = ({ foundedMs }: Calendar): readonly Given[] => {
  const from = instantOf(foundedMs)
  const outletInput = ({ id: outlet, code, name, country, type, zone, owner, region, city, groups }: DemoOutlet) => ({
    id: outlet,
    code,
    name,
    country,
    type,
    zone,
    owner: ownerId(owner),
    region,
    city,
    groups,
    from,
  })
  return [
    { name: 'organization.register', input: { organizations: organizations() }, details: id('organizations') },
    { name: 'outlet.register', input: { outlets: outlets.map(outletInput) }, details: id('outlets') },
    { name: 'law.import', input: { regimes: regimes(from) }, details: id('law') },
    {
      name: 'staff.register',
      input: { staff: staff.map(({ outlet, ...one }) => ({ ...one, outlet: outlet.id, from })) },
      details: id('staff'),
    },
    ...pages(products).map(
      (rows, index): Given => ({
        name: 'catalogue.import',
        input: { categories, products: rows.map((product) => productInput(product, from)) },
        details: id(`catalogue-${index}`),
      }),
    ),
  ]
}

const programme = (program: DemoProgram, { days, foundedMs }: Calendar): readonly Given[] => {
  const from = instantOf(foundedMs)
  const rules = programRules(program.key, days)
  return [
    {
      name: 'program.create',
      input: { id: program.id, organizer: program.organizer, startsAt: from, document: program.document },
      details: id(`${program.key}:create`),
    },
    {
      name: 'program.admit',
      input: {
        outlets: program.outlets.map((outlet) => ({
          outlet: outlet.id,
          from,
          steersPrices: program.steers.includes(outlet),
          stores: 'all',
        })),
      },
      details: of(program, 'admit'),
    },
    {
      name: 'rules.publish',
      input: { rules: rules.map((rule) => ({ name: rule.name, rule })), from },
      details: of(program, 'rules'),
    },
    { name: 'reward.register', input: { rewards: rewardsOf(program) }, details: of(program, 'rewards') },
  ]
}

interface Enrolment {
  readonly shopper: Shopper
  readonly member: DemoMember
}

const enrolments: readonly Enrolment[] = shoppers.flatMap((shopper) =>
  shopper.members.map((member) => ({ shopper, member })),
)

const dayMs = 86_400_000

const enrol = (joined: (member: DemoMember) => boolean, key: string, calendar: Calendar): readonly Given[] =>
  programs.flatMap((program) => {
    const joining = enrolments.filter(({ member }) => member.program === program && joined(member))
    const joinedAt = ({ joinDay }: DemoMember) =>
      instantOf(joinDay >= 0 ? calendar.morningMs(joinDay) : calendar.morningMs(0) + joinDay * dayMs)
    const enrolled = pages(joining).map(
      (rows, index): Given => ({
        name: 'member.enrol',
        input: { members: rows.map(({ shopper, member }) => memberInput(shopper, member, joinedAt(member))) },
        details: of(program, `enrol-${key}-${index}`),
      }),
    )
    const blocked = joining.flatMap(({ member }) =>
      member.cards.flatMap((card): readonly Given[] =>
        card.blocked === undefined
          ? []
          : [
              {
                name: 'card.block',
                input: { card: card.id },
                details: { ...of(program, `block-${card.id}`), reason: card.blocked },
              },
            ],
      ),
    )
    return [...enrolled, ...blocked]
  })

/** What is there before the first day. Terminals come apart: each answers its enrolment code. */
export const setUpCommands = (calendar: Calendar): readonly Given[] => [
  ...directory(calendar),
  ...programs.flatMap((program) => programme(program, calendar)),
  ...enrol((member) => member.joinDay < 0, 'before', calendar),
]

export const terminalCommand = ({ foundedMs }: Calendar): GivenOf<'terminal.register'> => ({
  name: 'terminal.register',
  input: {
    terminals: terminals.map((terminal) => ({
      id: terminal.id,
      name: terminal.name,
      outlet: terminal.outlet.id,
      from: instantOf(foundedMs),
    })),
  },
  details: id('terminals'),
})

/** What happens before the outlets open on a day: new members, new vouchers. */
export const morningCommands = (day: number, calendar: Calendar): readonly Given[] => [
  ...enrol((member) => member.joinDay === day, `day-${day}`, calendar),
  ...programs.flatMap((program) => {
    const issued = vouchers.filter((voucher) => voucher.program === program && voucher.issuedDay === day)
    return pages(issued).map(
      (rows, index): Given => ({
        name: 'voucher.issue',
        input: { vouchers: rows.map((voucher) => voucherInput(voucher, calendar.morningMs(0))) },
        details: of(program, `vouchers-${day}-${index}`),
      }),
    )
  }),
]
