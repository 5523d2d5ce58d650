import { createHash } from 'node:crypto'
import type { Commands, Uuid } from '@premia/pos-sdk/contract/admin'
import type { ProgramDocument } from '@premia/rules'
import type { Tx } from '../../db/pool.ts'
import { inScope } from '../../db/transaction.ts'
import type { Definition, Preparation, ProgramContext } from './command.ts'
import { publishedDocument } from './program-row.ts'
import { CommandRefused, refuseFields, refuseTwins } from './refusal.ts'
import { asJson, requireOutlets } from './rows.ts'

type Members = Commands['member.enrol']['input']['members']

/**
 * People become members: first the persons, in a database transaction of their own because they belong to the organizer,
 * then members and cards. A crash in between leaves persons without membership, which the repeated command completes.
 * A person that the organizer already knows is joined, never overwritten.
 */
export const enrolMembers: Definition<'member.enrol'> = {
  name: 'member.enrol',
  scope: 'program',
  prepare: async (preparation, { members }) => {
    const { sql, program } = preparation
    refuseTwins(
      'members',
      members.map((each) => each.id),
    )
    refuseTwins(
      'cards',
      members.flatMap(({ cards }) => cards.map(({ number }) => number)),
    )
    // All that can be refused is refused before the first person is written.
    await inScope(sql, { programs: [program.programId] }, (tx) => refuseUnfit(tx, preparation, members))
    const scope = { organizers: [program.organizer] }
    if (members.some(({ person }) => person !== undefined)) {
      await inScope(sql, scope, (tx) => putPersons(tx, preparation, members))
    }
  },
  run: async (context, { members }) => {
    const { tx, program } = context
    const { document } = await publishedDocument(tx, program.programId)
    await putMembers(context, document, members)
    await putCards(context, members)
    return {
      result: { count: members.length },
      section: 'members',
      row: members.length === 1 ? (members[0]?.id ?? program.publicId) : program.publicId,
      changes: {
        members: [null, members.length],
        cards: [null, members.reduce((sum, { cards }) => sum + cards.length, 0)],
      },
    }
  },
}

const refuseUnfit = async (tx: Tx, { program, keys }: Preparation, members: Members): Promise<void> => {
  const { document } = await publishedDocument(tx, program.programId)
  const kinds = new Set(document.cardKinds.map(({ code }) => code))
  const tiers = new Set(document.tiers.map(({ code }) => code))
  refuseFields(
    members.flatMap(({ cards, tier }, index) => [
      ...cards.flatMap(({ kind }, at) =>
        kinds.has(kind)
          ? []
          : [{ path: `/input/members/${index}/cards/${at}/kind`, message: 'is no card kind of the program' }],
      ),
      ...(tier === undefined || tiers.has(tier)
        ? []
        : [{ path: `/input/members/${index}/tier`, message: 'is no tier of the program' }]),
    ]),
  )
  await requireOutlets(
    tx,
    program.operator,
    members.flatMap(({ joinedOutlet }) => (joinedOutlet === undefined ? [] : [joinedOutlet])),
  )
  const ids = members.map(({ id }) => id)
  const tokens = members.flatMap(({ cards }) => cards.map(({ number }) => keys.cardToken(number).toString('hex')))
  const [taken] = await tx`
    SELECT 1 FROM loyalty.member WHERE program_id = ${program.programId} AND member_id = ANY(${ids}::uuid[])
    UNION ALL
    SELECT 1 FROM loyalty.card WHERE program_id = ${program.programId} AND number_token IN (
      SELECT decode(token, 'hex') FROM unnest(${tokens}::text[]) AS t (token))
    LIMIT 1`
  if (taken !== undefined) throw new CommandRefused('already_exists', 'A member or a card number is already known here')
}

const putPersons = async (tx: Tx, preparation: Preparation, members: Members): Promise<void> => {
  const { program, nowMs, command } = preparation
  const persons = members.flatMap(({ person, healthConsent, joinedAt }) =>
    person === undefined ? [] : [{ ...person, healthConsent, joinedAt }],
  )
  const rows = new Map(
    persons.map((each) => [
      each.id,
      {
        person_id: each.id,
        given_name: each.givenName,
        family_name: each.familyName,
        phone: each.phone,
        email: each.email,
        birth_date: each.birthDate,
        language: each.language ?? 'pl',
        city: each.city,
      },
    ]),
  )
  await tx`
    INSERT INTO people.person (organizer_id, person_id, given_name, family_name, phone, email, birth_date, language,
      city, created_at)
    SELECT ${program.organizer}, person_id, given_name, family_name, phone, email, birth_date, language, city,
      ${new Date(nowMs)}
    FROM jsonb_to_recordset(${asJson([...rows.values()])}::text::jsonb) AS i (person_id uuid, given_name text,
      family_name text, phone text, email text, birth_date date, language text, city text)
    ORDER BY person_id
    ON CONFLICT DO NOTHING`
  const consents = persons.flatMap(({ id, healthConsent, joinedAt }) => {
    const kinds = healthConsent === true ? ['program', 'health'] : ['program']
    return kinds.map((kind) => ({ person_id: id, consent_id: consentId(command, id, kind), kind, at: joinedAt }))
  })
  await tx`
    INSERT INTO people.consent (organizer_id, person_id, consent_id, kind, given, at, source)
    SELECT ${program.organizer}, person_id, consent_id, kind, true, at, 'enrolment'
    FROM jsonb_to_recordset(${asJson(consents)}::text::jsonb) AS i (person_id uuid, consent_id uuid, kind text,
      at timestamptz)
    ORDER BY person_id, kind
    ON CONFLICT DO NOTHING`
}

/** The same command writes the same consent, however often it is repeated. */
const consentId = (command: Uuid, person: Uuid, kind: string): string => {
  const hex = createHash('sha256').update(`${command}\n${person}\n${kind}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The tier that asks for no points yet; none where a program has no such tier. */
const firstTier = ({ tiers }: ProgramDocument): string | undefined =>
  [...tiers].sort((a, b) => b.rank - a.rank).find(({ fromPoints }) => fromPoints <= 0)?.code

const putMembers = async (
  { tx, program }: ProgramContext,
  document: ProgramDocument,
  members: Members,
): Promise<void> => {
  const start = firstTier(document)
  const rows = asJson(
    members.map((each) => ({
      member_id: each.id,
      kind: each.kind,
      tier: each.tier ?? start,
      person_id: each.person?.id,
      health_consent: each.healthConsent ?? false,
      segments: each.segments ?? [],
      attributes: each.attributes ?? {},
      joined_at: each.joinedAt,
      joined_outlet_id: each.joinedOutlet,
      birth_day: each.person?.birthDate?.slice(5),
    })),
  )
  await tx`
    INSERT INTO loyalty.member (program_id, member_id, kind, state, tier, person_id, health_consent, segments,
      attributes, joined_at, joined_outlet_id, birth_day)
    SELECT ${program.programId}, member_id, kind, 'active', tier, person_id, health_consent, segments, attributes,
      joined_at, joined_outlet_id, birth_day
    FROM jsonb_to_recordset(${rows}::text::jsonb) AS i (member_id uuid, kind text, tier text, person_id uuid,
      health_consent boolean, segments text[], attributes jsonb, joined_at timestamptz, joined_outlet_id uuid,
      birth_day text)
    ORDER BY member_id`
  await tx`
    INSERT INTO loyalty.member_period (program_id, member_id, from_at, tier, attributes)
    SELECT ${program.programId}, member_id, joined_at, tier, attributes
    FROM jsonb_to_recordset(${rows}::text::jsonb) AS i (member_id uuid, joined_at timestamptz, tier text,
      attributes jsonb)
    ORDER BY member_id`
}

const putCards = async ({ tx, program, keys }: ProgramContext, members: Members): Promise<void> => {
  const rows = members.flatMap(({ id, cards, joinedAt }) =>
    cards.map((card) => ({
      card_id: card.id,
      number_token: `\\x${keys.cardToken(card.number).toString('hex')}`,
      number_last: card.number.slice(-4),
      kind: card.kind,
      member_id: id,
      issued_at: joinedAt,
    })),
  )
  await tx`
    INSERT INTO loyalty.card (program_id, card_id, number_token, number_last, kind, state, member_id, issued_at)
    SELECT ${program.programId}, card_id, number_token, number_last, kind, 'active', member_id, issued_at
    FROM jsonb_to_recordset(${asJson(rows)}::text::jsonb) AS i (card_id uuid, number_token bytea, number_last text,
      kind text, member_id uuid, issued_at timestamptz)
    ORDER BY card_id`
}
