/**
 * The world of the benchmark `sales`: five programs with 1,000 active rules each, members with one card in all of them,
 * outlets with their tills, the demo's catalogue. Everything is made from names, so that engine and load know the same.
 */
import { categories } from '@premia/engine/demo/catalogue/categories.ts'
import { productInput, products } from '@premia/engine/demo/catalogue/product.ts'
import { demoId } from '@premia/engine/demo/identity.ts'
import type { DemoOutlet, DemoTerminal } from '@premia/engine/demo/outlets.ts'
import type { Actor, AdminClient, CommandName, Commands } from '@premia/pos-sdk/contract/admin'
import { instantOf, type Uuid } from '@premia/pos-sdk/contract/till'
import { activeRules, programDocument } from './rules.ts'

export type ProgramName = 'main' | 'second' | 'third' | 'owner' | 'plain'

/** What is measured: the programs of the outlets, how many owners those have, and how sales are sent. */
export interface Variant {
  readonly programs: readonly ProgramName[]
  readonly owners: number
  /** Sales of one request. */
  readonly perRequest: number
  /** Connections, each a till of its own. */
  readonly lanes: number
}

export const variants = {
  single: { programs: ['main'], owners: 8, perRequest: 1, lanes: 64 },
  hundred: { programs: ['main'], owners: 8, perRequest: 100, lanes: 8 },
  oneOwner: { programs: ['owner'], owners: 1, perRequest: 1, lanes: 64 },
  noOwner: { programs: ['plain'], owners: 1, perRequest: 1, lanes: 64 },
  twoPrograms: { programs: ['main', 'second'], owners: 8, perRequest: 1, lanes: 64 },
  threePrograms: { programs: ['main', 'second', 'third'], owners: 8, perRequest: 1, lanes: 64 },
} as const satisfies Readonly<Record<string, Variant>>

export type VariantName = keyof typeof variants
export const variantNames = Object.keys(variants) as readonly VariantName[]

const outletsPerVariant = 8

export const benchId = (noun: string, key: string | number): Uuid => demoId(`bench-${noun}`, key)
export const programIds: Readonly<Record<ProgramName, Uuid>> = {
  main: benchId('program', 'main'),
  second: benchId('program', 'second'),
  third: benchId('program', 'third'),
  owner: benchId('program', 'owner'),
  plain: benchId('program', 'plain'),
}
const programNames = Object.keys(programIds) as readonly ProgramName[]
const operatorId = benchId('organization', 'operator')

export const cardNumber = (member: number): string => `7770${String(member).padStart(9, '0')}`

const outletOf = (variant: VariantName, place: number): DemoOutlet => ({
  id: benchId('outlet', `${variant}-${place}`),
  code: `${variant}-${place}`,
  name: `${variant} ${place}`,
  country: 'PL',
  type: 'shop',
  zone: 'Europe/Warsaw',
  currency: 'PLN',
  owner: benchId('owner', `${variant}-${place % variants[variant].owners}`),
  region: 'Mazowieckie',
  city: 'Warszawa',
  groups: ['bench'],
  tills: 1,
  busy: 1,
  opens: 0,
  closes: 1440,
  sunday: 1440,
})

const outletsOf = (variant: VariantName): readonly DemoOutlet[] =>
  Array.from({ length: outletsPerVariant }, (_, place) => outletOf(variant, place))

/** The tills of a variant, one a lane. */
export const terminalsOf = (variant: VariantName): readonly DemoTerminal[] => {
  const outlets = outletsOf(variant)
  return Array.from({ length: variants[variant].lanes }, (_, lane) => ({
    id: benchId('terminal', `${variant}-${lane}`),
    name: `${variant} ${lane}`,
    outlet: outlets[lane % outlets.length] as DemoOutlet,
    fiscalDevice: `BENCH${variant}${lane}`,
  }))
}

export const staffCode = (variant: VariantName, lane: number): string => `${variant}-${lane % outletsPerVariant}`

const actor: Actor = {
  actor: benchId('actor', 'bench'),
  name: 'bench',
  operator: operatorId,
  programs: Object.values(programIds),
  rights: ['*'],
}

const page = 500
const pages = <T>(rows: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / page) }, (_, index) => rows.slice(index * page, (index + 1) * page))

type Give = <N extends CommandName>(
  name: N,
  input: Commands[N]['input'],
  program?: Uuid,
) => Promise<Commands[N]['result']>

const from = instantOf(Date.UTC(2025, 0, 1))

const foundDirectory = async (give: Give): Promise<void> => {
  const company = (id: Uuid, kind: 'operator' | 'owner', name: string) =>
    ({ id, operator: operatorId, kind, name, country: 'PL' }) as const
  const outlets = variantNames.flatMap(outletsOf)
  const owners = [...new Set(outlets.map(({ owner }) => owner))]
  await give('organization.register', {
    organizations: [
      company(operatorId, 'operator', 'Bench'),
      ...owners.map((owner, index) => company(owner as Uuid, 'owner', `Owner ${index}`)),
    ],
  })
  await give('outlet.register', {
    outlets: outlets.map(({ id, code, name, country, type, zone, owner, region, city, groups }) => ({
      id,
      code,
      name,
      country,
      type,
      zone,
      region,
      city,
      groups,
      from,
      owner: owner as Uuid,
    })),
  })
  const staff = variantNames.flatMap((variant) =>
    outletsOf(variant).map((outlet, place) => ({
      id: benchId('staff', `${variant}-${place}`),
      code: staffCode(variant, place),
      name: `Staff ${variant} ${place}`,
      outlet: outlet.id,
      from,
    })),
  )
  await give('staff.register', { staff })
  for (const rows of pages(products)) {
    await give('catalogue.import', { categories, products: rows.map((product) => productInput(product, from)) })
  }
}

const foundPrograms = async (give: Give, rules: number): Promise<void> => {
  for (const name of programNames) {
    const id = programIds[name]
    await give('program.create', { id, organizer: operatorId, startsAt: from, document: programDocument(name) })
    const admitted = variantNames.filter((variant) => (variants[variant].programs as readonly string[]).includes(name))
    const outlets = admitted.flatMap(outletsOf).map((outlet) => ({ outlet: outlet.id, from, steersPrices: false }))
    await give('program.admit', { outlets }, id)
    const published = activeRules(rules, { owner: name !== 'plain' })
    await give('rules.publish', { rules: published.map((rule) => ({ name: rule.name, rule })), from }, id)
  }
}

const enrolMembers = async (give: Give, members: number): Promise<void> => {
  for (const name of programNames) {
    const rows = Array.from({ length: members }, (_, member) => ({
      id: benchId('member', `${name}-${member}`),
      kind: 'person' as const,
      joinedAt: from,
      cards: [{ id: benchId('card', `${name}-${member}`), number: cardNumber(member), kind: 'card' }],
    }))
    for (const each of pages(rows)) await give('member.enrol', { members: each }, programIds[name])
  }
}

interface WorldSize {
  readonly members: number
  readonly rules: number
}

/** Makes the world through the console's door; answers the enrolment codes of the tills. */
export const foundWorld = async (client: AdminClient, size: WorldSize): Promise<ReadonlyMap<Uuid, string>> => {
  const give: Give = async (name, input, program) =>
    (await client.command(actor, name, input, program === undefined ? {} : { program })).result
  await foundDirectory(give)
  await foundPrograms(give, size.rules)
  await enrolMembers(give, size.members)
  const terminals = variantNames
    .flatMap(terminalsOf)
    .map(({ id, name, outlet }) => ({ id, name, outlet: outlet.id, from }))
  const { codes } = await give('terminal.register', { terminals })
  return new Map(codes.map(({ terminal, code }) => [terminal, code]))
}
