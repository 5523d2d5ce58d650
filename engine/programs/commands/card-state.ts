import type { Uuid } from '@premia/pos-sdk/contract/admin'
import type { Definition, Done, ProgramContext } from './command.ts'
import { CommandRefused } from './refusal.ts'

interface CardRow {
  readonly member: Uuid
  readonly state: string
  readonly version: number
}

const readCard = async ({ tx, program }: ProgramContext, card: Uuid): Promise<CardRow> => {
  const [row] = await tx<CardRow[]>`
    SELECT member_id AS member, state, version FROM loyalty.card
    WHERE program_id = ${program.programId} AND card_id = ${card}`
  if (row === undefined) throw new CommandRefused('not_found', 'There is no such card here')
  return row
}

const change = async (
  context: ProgramContext,
  card: Uuid,
  [from, to]: readonly [string, string],
): Promise<Done<'card.block' | 'card.unblock'>> => {
  const { tx, program, version, reason } = context
  const { programId } = program
  // The member row is the lock of all that a member has, cards included; only then is the card read for good.
  const { member } = await readCard(context, card)
  await tx`
    SELECT 1 FROM loyalty.member WHERE program_id = ${programId} AND member_id = ${member} FOR UPDATE`
  const row = await readCard(context, card)
  if (row.member !== member) throw new CommandRefused('version_conflict', 'The card has just moved to another member')
  if (version !== undefined && version !== row.version) {
    throw new CommandRefused('version_conflict', `The card has version ${row.version} by now`)
  }
  if (row.state !== from) throw new CommandRefused('state_not_allowed', `The card is ${row.state}`)
  await tx`
    UPDATE loyalty.card SET state = ${to}, state_reason = ${to === 'active' ? null : (reason ?? null)},
      version = version + 1
    WHERE program_id = ${programId} AND card_id = ${card}`
  return {
    result: { row: card, version: row.version + 1 },
    // A card's story is told in the record of its member.
    section: 'members',
    row: member,
    changes: { [`cards.${card}.state`]: [from, to] },
  }
}

export const blockCard: Definition<'card.block'> = {
  name: 'card.block',
  scope: 'program',
  run: (context, { card }) => change(context, card, ['active', 'blocked']),
}

export const unblockCard: Definition<'card.unblock'> = {
  name: 'card.unblock',
  scope: 'program',
  run: (context, { card }) => change(context, card, ['blocked', 'active']),
}
