import type { Definition } from './command.ts'
import { raiseOperator } from '../changes.ts'
import { type PeriodTable, putPeriods } from '../periods.ts'
import { CommandRefused, refuseEmptyPeriods, refuseTwins } from './refusal.ts'
import { asJson, requireOutlets } from './rows.ts'

const staffPeriods: PeriodTable = {
  name: 'directory.staff_period',
  key: { staff_id: 'uuid', outlet_id: 'uuid' },
  facts: { role: 'text' },
}

/** Who works where from when, and until when where that is known. Names stand in `people`, codes in the directory. */
export const registerStaff: Definition<'staff.register'> = {
  name: 'staff.register',
  scope: 'operator',
  run: async ({ tx, acting }, { staff }) => {
    refuseTwins(
      'staff',
      staff.map((each) => `${each.id} ${each.outlet} ${each.from}`),
    )
    refuseEmptyPeriods('staff', staff)
    await requireOutlets(
      tx,
      acting.operator,
      staff.map((each) => each.outlet),
    )
    const named = asJson([...new Map(staff.map(({ id, code, name }) => [id, { staff_id: id, code, name }])).values()])
    const kept = await tx<{ id: string }[]>`
      INSERT INTO directory.staff AS s (staff_id, operator_id, code)
      SELECT staff_id, ${acting.operator}, code
      FROM jsonb_to_recordset(${named}::text::jsonb) AS i (staff_id uuid, code text) ORDER BY staff_id
      ON CONFLICT (staff_id) DO UPDATE SET code = excluded.code WHERE s.operator_id = excluded.operator_id
      RETURNING staff_id AS id`
    if (kept.length < new Set(staff.map((each) => each.id)).size) {
      throw new CommandRefused('not_found', 'There is no such staff here')
    }
    await tx`
      INSERT INTO people.staff (operator_id, staff_id, name)
      SELECT ${acting.operator}, staff_id, name
      FROM jsonb_to_recordset(${named}::text::jsonb) AS i (staff_id uuid, name text) ORDER BY staff_id
      ON CONFLICT (operator_id, staff_id) DO UPDATE SET name = excluded.name`
    await putPeriods(
      tx,
      staffPeriods,
      staff.map(({ id, outlet, from, until, role = 'staff' }) => ({
        staff_id: id,
        outlet_id: outlet,
        from_at: from,
        until_at: until,
        role,
      })),
    )
    await raiseOperator(tx, acting.operator, 'staff')
    return {
      result: { count: staff.length },
      section: 'staff',
      row: staff[0]?.id ?? acting.operator,
      changes: { staff: [null, staff.length] },
    }
  },
}
