import type { Definition, ProgramContext } from './command.ts'
import { raiseProgram } from '../changes.ts'
import { type PeriodTable, putPeriods } from '../periods.ts'
import { CommandRefused, refuseEmptyPeriods, refuseTwins } from './refusal.ts'

const memberships: PeriodTable = {
  name: 'directory.program_outlet',
  key: { program_id: 'bigint', outlet_id: 'uuid' },
  facts: { steers_prices: 'boolean', stores: 'text' },
}

interface Neighbour {
  readonly outlet: string
  readonly currency: string
  readonly organizer: string
  readonly steersPrices: boolean
  readonly untilAt: Date | null
}

/** Which programs the outlets are in already. Their rows are locked first: two programs may be admitting them at once. */
const neighboursOf = async ({ tx, program }: ProgramContext, outlets: readonly string[]): Promise<Neighbour[]> => {
  const locked = await tx`
    SELECT 1 FROM directory.outlet WHERE operator_id = ${program.operator} AND outlet_id = ANY(${[...outlets]}::uuid[])
    ORDER BY outlet_id FOR UPDATE`
  if (locked.length < outlets.length) throw new CommandRefused('not_found', 'There is no such outlet here')
  return tx<Neighbour[]>`
    SELECT a.outlet_id AS outlet, p.currency, p.organizer_id AS organizer, a.steers_prices AS "steersPrices",
      a.until_at AS "untilAt"
    FROM directory.program_outlet a JOIN directory.program p USING (program_id)
    WHERE a.outlet_id = ANY(${[...outlets]}::uuid[]) AND a.program_id <> ${program.programId} AND p.state <> 'closed'`
}

/** Outlets join a program from an instant on, for ever or until another one. All programs of an outlet share its currency; one at most steers its prices. */
export const admitOutlets: Definition<'program.admit'> = {
  name: 'program.admit',
  scope: 'program',
  run: async (context, { outlets }) => {
    const { tx, program } = context
    refuseTwins(
      'outlets',
      outlets.map((each) => each.outlet),
    )
    refuseEmptyPeriods('outlets', outlets)
    const neighbours = await neighboursOf(
      context,
      outlets.map((each) => each.outlet),
    )
    const rows = outlets.map(({ outlet, from, until, steersPrices, stores }, index) => {
      const here = neighbours.filter((each) => each.outlet === outlet)
      const path = `/input/outlets/${index}`
      if (here.some((each) => each.currency !== program.currency)) {
        throw new CommandRefused('state_not_allowed', `The outlet is in a program of another currency`, [
          {
            path: `${path}/outlet`,
            message: `is in a program in ${here[0]?.currency}, this one is in ${program.currency}`,
          },
        ])
      }
      const lasting = here.filter(({ untilAt }) => untilAt === null || untilAt.getTime() > Date.parse(from))
      if (steersPrices && lasting.some((each) => each.steersPrices)) {
        throw new CommandRefused('state_not_allowed', 'Another program already steers prices at the outlet', [
          { path: `${path}/steersPrices`, message: 'only one program steers prices at an outlet' },
        ])
      }
      const alone = here.every((each) => each.organizer === program.organizer)
      return {
        program_id: program.programId,
        outlet_id: outlet,
        from_at: from,
        until_at: until,
        steers_prices: steersPrices,
        stores: stores ?? (alone ? 'all' : 'totals'),
      }
    })
    await putPeriods(tx, memberships, rows)
    await raiseProgram(tx, program.operator, program.programId)
    return {
      result: { count: rows.length },
      section: 'programs',
      row: program.publicId,
      changes: { outlets: [null, rows.length] },
    }
  },
}
