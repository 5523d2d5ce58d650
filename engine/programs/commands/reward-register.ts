import type { Commands } from '@premia/pos-sdk/contract/admin'
import { type PeriodTable, putPeriods } from '../periods.ts'
import type { Definition, ProgramContext } from './command.ts'
import { publishedDocument } from './program-row.ts'
import { CommandRefused, refuseFields, refuseTwins } from './refusal.ts'
import { asJson } from './rows.ts'

type Rewards = Commands['reward.register']['input']['rewards']

const prices: PeriodTable = {
  name: 'loyalty.reward_price',
  key: { program_id: 'bigint', reward_id: 'uuid', point_type: 'text' },
  facts: { points: 'bigint' },
}

/** Rewards, what they cost from now on, and how many of them lie at which outlet. */
export const registerRewards: Definition<'reward.register'> = {
  name: 'reward.register',
  scope: 'program',
  run: async (context, { rewards }) => {
    const { tx, program, nowMs } = context
    refuseTwins(
      'rewards',
      rewards.map((each) => each.id),
    )
    rewards.forEach(({ stock }, index) =>
      refuseTwins(
        `rewards/${index}/stock`,
        stock.map((each) => each.outlet),
      ),
    )
    const { document } = await publishedDocument(tx, program.programId)
    refuseFields(
      rewards.flatMap(({ pointType }, index) =>
        document.pointTypes.some(({ code }) => code === pointType)
          ? []
          : [{ path: `/input/rewards/${index}/pointType`, message: 'is no point type of the program' }],
      ),
    )
    const rows = rewards.map(({ id, name, kind }) => ({ reward_id: id, name, kind }))
    await tx`
      INSERT INTO loyalty.reward (program_id, reward_id, name, kind, created_at)
      SELECT ${program.programId}, reward_id, name, kind, ${new Date(nowMs)}
      FROM jsonb_to_recordset(${asJson(rows)}::text::jsonb) AS i (reward_id uuid, name text, kind text)
      ORDER BY reward_id
      ON CONFLICT (program_id, reward_id) DO UPDATE SET name = excluded.name, kind = excluded.kind`
    const from = new Date(nowMs).toISOString()
    await putPeriods(
      tx,
      prices,
      rewards.map(({ id, pointType, points }) => ({
        program_id: program.programId,
        reward_id: id,
        point_type: pointType,
        from_at: from,
        points,
      })),
    )
    await putStock(context, rewards)
    return {
      result: { count: rewards.length },
      section: 'rewards',
      row: rewards.length === 1 ? (rewards[0]?.id ?? program.publicId) : program.publicId,
      changes: { rewards: [null, rewards.length] },
    }
  },
}

const putStock = async ({ tx, program }: ProgramContext, rewards: Rewards): Promise<void> => {
  const rows = rewards.flatMap(({ id, stock }) =>
    stock.map(({ outlet, onHand }) => ({ reward_id: id, outlet_id: outlet, on_hand: onHand })),
  )
  const outlets = [...new Set(rows.map(({ outlet_id: outlet }) => outlet))]
  const known = await tx`
    SELECT DISTINCT outlet_id FROM directory.program_outlet
    WHERE program_id = ${program.programId} AND outlet_id = ANY(${outlets}::uuid[])`
  if (known.length < outlets.length) throw new CommandRefused('not_found', 'There is no such outlet in the program')
  await tx`
    INSERT INTO loyalty.stock AS s (program_id, outlet_id, reward_id, on_hand)
    SELECT ${program.programId}, outlet_id, reward_id, on_hand
    FROM jsonb_to_recordset(${asJson(rows)}::text::jsonb) AS i (outlet_id uuid, reward_id uuid, on_hand integer)
    ORDER BY outlet_id, reward_id
    ON CONFLICT (program_id, outlet_id, reward_id) DO UPDATE SET on_hand = excluded.on_hand`
}
