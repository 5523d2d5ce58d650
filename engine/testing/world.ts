import {
  type Actor,
  type AdminClient,
  adminClient,
  type CommandDetails,
  type CommandName,
  type Commands,
  type Instant,
  instant,
  type Uuid,
  uuid,
} from '@premia/pos-sdk/contract/admin'
import type { ProgramDocument } from '@premia/rules'
import type { FastifyInstance } from 'fastify'

/** Ids by number, so that a failing test names something readable. */
export const testId = (kind: number, number: number): Uuid =>
  uuid(`${String(kind).padStart(8, '0')}-0000-7000-8000-${String(number).padStart(12, '0')}`)

export const testDocument = (changes: Partial<ProgramDocument> = {}): ProgramDocument => ({
  schema: 1,
  name: 'Test program',
  currency: 'PLN',
  zone: 'Europe/Warsaw',
  pointTypes: [
    {
      code: 'points',
      name: 'Points',
      scale: 0,
      rounding: 'floor',
      expiry: { kind: 'afterMonths', months: 12 },
      activation: { kind: 'now' },
      valueMinor: 10,
      onShortReturn: 'stopAtZero',
    },
  ],
  mainPointType: 'points',
  cardKinds: [{ code: 'standard', name: 'Standard', mayEarn: true, mayRedeem: true }],
  tiers: [
    { code: 'basic', name: 'Basic', rank: 1, fromPoints: 0 },
    { code: 'gold', name: 'Gold', rank: 2, fromPoints: 1_000 },
  ],
  tierPointType: 'points',
  languages: ['pl', 'en'],
  alsoEarns: [],
  returnModel: 'frozen',
  lateLimitDays: 400,
  pointsLimitDays: 60,
  bundleValidDays: 7,
  contentMonths: 25,
  ...changes,
})

/** One operator with one organizer, one program, two outlets, a till, a member of staff and a small catalogue. */
export const world = {
  operator: testId(1, 1),
  organizer: testId(1, 2),
  owner: testId(1, 3),
  program: testId(2, 1),
  outlets: [testId(3, 1), testId(3, 2)] as const,
  terminal: testId(4, 1),
  staff: testId(5, 1),
  product: testId(6, 1),
  member: testId(7, 1),
  person: testId(8, 1),
  card: testId(9, 1),
  cardNumber: '2600000000017',
  startsAt: instant('2025-01-01T00:00:00.000Z'),
} as const

export const operatorActor = (changes: Partial<Actor> = {}): Actor => ({
  actor: testId(90, 1),
  name: 'Olga Operator',
  operator: world.operator,
  programs: [world.program],
  rights: ['*'],
  ...changes,
})

/** The admin door of an app, through its routes and without a socket. */
export const injectedClient = (app: FastifyInstance, key: string, nowMs?: () => number): AdminClient =>
  adminClient({
    key,
    ...(nowMs === undefined ? {} : { nowMs }),
    send: async ({ method, path, headers, body }) => {
      const response = await app.inject({ method, url: path, headers: { ...headers }, payload: body })
      return { status: response.statusCode, body: response.body }
    },
  })

export type Give = <N extends CommandName>(
  name: N,
  input: Commands[N]['input'],
  details?: CommandDetails,
) => Promise<Commands[N]['result']>

export const giver =
  (client: AdminClient, actor: Actor = operatorActor()): Give =>
  async (name, input, details) =>
    (await client.command(actor, name, input, details)).result

/** Sets the world up by commands alone; answers the enrolment code of its till. */
export const setUpWorld = async (
  give: Give,
  rules: Commands['rules.publish']['input']['rules'] = [],
  document: ProgramDocument = testDocument(),
) => {
  const { operator, organizer, owner, program, outlets, startsAt } = world
  await give('organization.register', {
    organizations: [
      { id: operator, operator, kind: 'operator', name: 'Operator', country: 'PL' },
      { id: organizer, operator, kind: 'organizer', name: 'Organizer', country: 'PL', mark: 'ORG', colour: 'green' },
      { id: owner, operator, kind: 'owner', name: 'Owner company', country: 'PL', taxId: '5260001246' },
    ],
  })
  await give('program.create', { id: program, organizer, startsAt, document })
  await give('outlet.register', { outlets: outlets.map((id, index) => testOutlet(id, index)) })
  await give(
    'program.admit',
    { outlets: outlets.map((outlet, index) => ({ outlet, from: startsAt, steersPrices: index === 0 })) },
    { program },
  )
  await give('staff.register', {
    staff: [{ id: world.staff, code: '1001', name: 'Sylwia Staff', outlet: outlets[0], from: startsAt }],
  })
  await give('catalogue.import', {
    categories: [
      { id: 'all', name: 'Everything' },
      { id: 'care', parent: 'all', name: 'Care' },
    ],
    products: [
      {
        id: world.product,
        name: 'Hand cream 100 ml',
        category: 'care',
        producer: 'Acme',
        codes: [
          { scope: 'gtin', code: '5900000000015' },
          { scope: 'own', code: 'P1' },
        ],
        from: startsAt,
      },
    ],
  })
  if (rules.length > 0) await give('rules.publish', { rules, from: startsAt }, { program })
  await give('member.enrol', { members: [testMember()] }, { program })
  const { codes } = await give('terminal.register', {
    terminals: [{ id: world.terminal, name: 'Till 1', outlet: outlets[0], from: startsAt }],
  })
  return { enrolCode: codes[0]?.code ?? '' }
}

export const testOutlet = (id: Uuid, index: number): Commands['outlet.register']['input']['outlets'][number] => ({
  id,
  code: `A${index + 1}`,
  name: `Outlet ${index + 1}`,
  country: 'PL',
  type: index === 0 ? 'pharmacy' : 'shop',
  zone: 'Europe/Warsaw',
  owner: world.owner,
  region: 'Mazowieckie',
  city: 'Warszawa',
  groups: ['city'],
  from: world.startsAt,
})

export const testMember = (
  changes: Partial<Commands['member.enrol']['input']['members'][number]> = {},
): Commands['member.enrol']['input']['members'][number] => ({
  id: world.member,
  kind: 'person',
  joinedAt: '2025-02-01T09:00:00.000Z' as Instant,
  joinedOutlet: world.outlets[0],
  attributes: { newsletter: true },
  person: {
    id: world.person,
    givenName: 'Maria',
    familyName: 'Nowak',
    phone: '+48600100200',
    email: 'maria@example.test',
    birthDate: '1980-05-17',
  },
  cards: [{ id: world.card, number: world.cardNumber, kind: 'standard' }],
  ...changes,
})
