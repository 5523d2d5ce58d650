/** The shape of each command's and question's input: what the engine checks and what the OpenAPI document shows. */
import type { Rule } from '@premia/rules'
import { array, boolean, integer, mapOf, matching, object, oneOf, optional, type Schema, text } from '../schema.ts'
import { codeText, dateText, instantText, nameText, POINTS_MAX, uuidText } from '../till/fields.ts'
import { type CommandName, type Commands, commandRowsMax, type Queries, type QueryName } from './commands.ts'
import { programDocumentSchema } from './program-schema.ts'

const rows = <T>(item: Schema<T>): Schema<readonly T[]> => ({ ...array(item, commandRowsMax), minItems: 1 })
const nothing: Schema<{ readonly [none: string]: never }> = {
  type: 'object',
  properties: {},
  additionalProperties: false,
}
const kind = codeText(40)
const country = matching('^[A-Z]{2}$', 2)
const mark = oneOf('rx', 'regulatedPrice', 'noDiscount', 'noPoints', 'ageLimited') as Schema<string>

const organization = object({
  id: uuidText,
  operator: uuidText,
  kind: oneOf('operator', 'organizer', 'owner', 'payer'),
  name: nameText,
  country,
  mark: optional(text(4)),
  colour: optional(text(40)),
  taxId: optional(codeText(20)),
})

const outlet = object({
  id: uuidText,
  code: kind,
  name: nameText,
  country,
  type: kind,
  zone: text(60),
  owner: uuidText,
  region: optional(text(100)),
  city: optional(text(100)),
  groups: optional(array(kind, 50)),
  from: instantText,
})

const admission = object({
  outlet: uuidText,
  from: instantText,
  until: optional(instantText),
  steersPrices: boolean,
  stores: optional(oneOf('all', 'totals', 'nothing')),
})

const staff = object({
  id: uuidText,
  code: kind,
  name: nameText,
  outlet: uuidText,
  from: instantText,
  until: optional(instantText),
  role: optional(oneOf('staff', 'manager')),
})

const product = object({
  id: uuidText,
  name: text(300),
  category: kind,
  producer: optional(codeText(64)),
  tags: optional(array(kind, 50)),
  marks: optional(array(mark, 5)),
  regimeClass: optional(kind),
  floorMinor: optional(integer(0, POINTS_MAX)),
  codes: array(object({ scope: kind, code: kind }), 20),
  from: instantText,
})

const regime = object({
  country,
  outletType: kind,
  regimeClass: kind,
  from: instantText,
  mayEarn: boolean,
  mayDiscount: boolean,
  mayCount: boolean,
  source: text(500),
})

/** Checked in depth by the rules package when the command is carried out. */
const rule: Schema<Rule> = { type: 'object', description: 'A rule in the vocabulary of @premia/rules' }

const attribute: Schema<string | number | boolean> = {
  oneOf: [text(200, 0), integer(-POINTS_MAX, POINTS_MAX), boolean],
}

const person = object({
  id: uuidText,
  givenName: optional(text(100)),
  familyName: optional(text(100)),
  phone: optional(matching('^\\+[1-9][0-9]{5,14}$', 16)),
  email: optional(matching('^[^@\\s\\p{Cc}]+@[^@\\s\\p{Cc}]+$', 200)),
  birthDate: optional(dateText),
  language: optional(oneOf('pl', 'en', 'ro')),
  city: optional(text(100)),
})

const member = object({
  id: uuidText,
  kind: oneOf('person', 'company'),
  joinedAt: instantText,
  joinedOutlet: optional(uuidText),
  tier: optional(kind),
  segments: optional(array(kind, 100)),
  attributes: optional(mapOf<string, string | number | boolean>(kind, attribute, 50)),
  person: optional(person),
  healthConsent: optional(boolean),
  cards: array(object({ id: uuidText, number: codeText(64), kind }), 20),
})

const voucher = object({
  id: uuidText,
  code: codeText(64),
  kind,
  valueMinor: integer(0, 100_000_000_000),
  member: optional(uuidText),
  expiresAt: optional(instantText),
})

const reward = object({
  id: uuidText,
  name: nameText,
  kind,
  pointType: kind,
  points: integer(1, POINTS_MAX),
  stock: array(object({ outlet: uuidText, onHand: integer(0, 1_000_000) }), commandRowsMax),
})

const terminal = object({
  id: uuidText,
  name: text(100),
  outlet: uuidText,
  from: instantText,
  replaces: optional(uuidText),
})
const oneTerminal = object({ terminal: uuidText })
const oneCard = object({ card: uuidText })

/** The schema of each command's input. */
export const commandSchemas = {
  'organization.register': object({ organizations: rows(organization) }),
  'program.create': object({
    id: uuidText,
    organizer: uuidText,
    startsAt: instantText,
    document: programDocumentSchema,
  }),
  'program.suspend': nothing,
  'program.resume': nothing,
  'outlet.register': object({ outlets: rows(outlet) }),
  'program.admit': object({ outlets: rows(admission) }),
  'staff.register': object({ staff: rows(staff) }),
  'terminal.register': object({ terminals: rows(terminal) }),
  'terminal.quarantine': oneTerminal,
  'terminal.release': oneTerminal,
  'terminal.revoke': object({
    terminal: uuidText,
    fromSequence: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  }),
  'catalogue.import': object({
    categories: array(object({ id: kind, parent: optional(kind), name: nameText }), commandRowsMax),
    products: array(product, commandRowsMax),
  }),
  'law.import': object({ regimes: rows(regime) }),
  'rules.publish': object({
    // A whole rule set is published at once, so its maximum is that of a set and not of a page of rows.
    rules: array(object({ name: nameText, rule }), 10_000),
    from: instantText,
  }),
  'member.enrol': object({ members: rows(member) }),
  'card.block': oneCard,
  'card.unblock': oneCard,
  'voucher.issue': object({ vouchers: rows(voucher) }),
  'reward.register': object({ rewards: rows(reward) }),
  'rollup.rebuild': object({ date: dateText }),
} satisfies { readonly [N in CommandName]: Schema<Commands[N]['input']> }

/** The schema of each question's input. */
export const querySchemas = {
  'card.find': object({ number: codeText(64) }),
} satisfies { readonly [N in QueryName]: Schema<Queries[N]['input']> }

/** The envelope of a command, without its input. */
export const commandEnvelope = {
  id: uuidText,
  program: optional(uuidText),
  reason: optional(text(500, 3)),
  version: optional(integer(1, 2_147_483_647)),
}

/** The claims of the acting header, bounded so that it fits into the headers of a request. Type: `Acting`. */
export const actingSchema = object({
  actor: uuidText,
  name: nameText,
  operator: uuidText,
  organizer: optional(uuidText),
  programs: array(uuidText, 200),
  rights: array(codeText(80), 100),
  issuedAt: instantText,
  expiresAt: instantText,
})
