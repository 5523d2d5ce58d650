import type { Definition } from './command.ts'
import { type PeriodTable, putPeriods } from '../periods.ts'
import { isZone } from './instants.ts'
import { CommandRefused, refuseFields, refuseTwins } from './refusal.ts'
import { raiseOperator } from '../changes.ts'
import { asJson } from './rows.ts'

const outletPeriods: PeriodTable = {
  name: 'directory.outlet_period',
  key: { outlet_id: 'uuid' },
  facts: { owner_id: 'uuid', outlet_type: 'text', zone: 'text', region: 'text', city: 'text', groups: 'text[]' },
}

/** New outlets, or new facts of known ones from an instant on. */
export const registerOutlets: Definition<'outlet.register'> = {
  name: 'outlet.register',
  scope: 'operator',
  run: async ({ tx, acting, nowMs }, { outlets }) => {
    refuseTwins(
      'outlets',
      outlets.map((each) => `${each.id} ${each.from}`),
    )
    refuseFields(
      outlets.flatMap(({ zone }, index) =>
        isZone(zone) ? [] : [{ path: `/input/outlets/${index}/zone`, message: 'is not a time zone' }],
      ),
    )
    const owners = [...new Set(outlets.map((each) => each.owner))]
    const known = await tx`
      SELECT 1 FROM directory.organization WHERE operator_id = ${acting.operator} AND organization_id = ANY(${owners}::uuid[])`
    if (known.length < owners.length) throw new CommandRefused('not_found', 'There is no such outlet owner here')
    const named = new Map(outlets.map(({ id, code, name, country }) => [id, { outlet_id: id, code, name, country }]))
    const kept = await tx`
      INSERT INTO directory.outlet AS o (outlet_id, operator_id, code, name, country, created_at)
      SELECT outlet_id, ${acting.operator}, code, name, country, ${new Date(nowMs)}
      FROM jsonb_to_recordset(${asJson([...named.values()])}::text::jsonb) AS i (outlet_id uuid, code text, name text, country text)
      ORDER BY outlet_id
      ON CONFLICT (outlet_id) DO UPDATE SET code = excluded.code, name = excluded.name, country = excluded.country
      WHERE o.operator_id = excluded.operator_id
      RETURNING 1`
    if (kept.length < named.size) throw new CommandRefused('not_found', 'There is no such outlet here')
    await putPeriods(
      tx,
      outletPeriods,
      outlets.map(({ id, from, owner, type, zone, region, city, groups = [] }) => ({
        outlet_id: id,
        from_at: from,
        owner_id: owner,
        outlet_type: type,
        zone,
        region,
        city,
        groups,
      })),
    )
    await raiseOperator(tx, acting.operator, 'outlets')
    return {
      result: { count: outlets.length },
      section: 'outlets',
      row: outlets[0]?.id ?? acting.operator,
      changes: { outlets: [null, outlets.length] },
    }
  },
}
