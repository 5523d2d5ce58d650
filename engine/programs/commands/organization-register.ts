import type { Definition } from './command.ts'
import { raiseOperator } from '../changes.ts'
import { CommandRefused, refuseFields, refuseTwins } from './refusal.ts'
import { asJson } from './rows.ts'

/** Operator, organizers, owner companies and payers. An operator registers itself and what is below it. */
export const registerOrganizations: Definition<'organization.register'> = {
  name: 'organization.register',
  scope: 'operator',
  run: async ({ tx, acting, nowMs }, { organizations }) => {
    refuseTwins(
      'organizations',
      organizations.map((each) => each.id),
    )
    refuseFields(
      organizations.flatMap(({ id, kind }, index) =>
        (kind === 'operator') === (id === acting.operator) || (kind === 'organizer' && id === acting.operator)
          ? []
          : [
              {
                path: `/input/organizations/${index}/kind`,
                message: 'an operator registers itself as the one operator',
              },
            ],
      ),
    )
    if (organizations.some((each) => each.operator !== acting.operator)) {
      throw new CommandRefused('not_found', 'There is no such operator here')
    }
    const rows = organizations.map((each) => ({
      organization_id: each.id,
      operator_id: each.operator,
      kind: each.kind,
      name: each.name,
      mark: each.mark,
      colour: each.colour,
      country: each.country,
      tax_id: each.taxId,
    }))
    const kept = await tx`
      INSERT INTO directory.organization AS o
        (organization_id, operator_id, kind, name, mark, colour, country, tax_id, created_at)
      SELECT organization_id, operator_id, kind, name, mark, colour, country, tax_id, ${new Date(nowMs)}
      FROM jsonb_to_recordset(${asJson(rows)}::text::jsonb) AS i (organization_id uuid, operator_id uuid, kind text,
        name text, mark text, colour text, country text, tax_id text)
      ORDER BY organization_id
      ON CONFLICT (organization_id) DO UPDATE SET name = excluded.name, mark = excluded.mark, colour = excluded.colour,
        country = excluded.country, tax_id = excluded.tax_id
      WHERE o.operator_id = excluded.operator_id AND o.kind = excluded.kind
      RETURNING 1`
    // Somebody else's organization, or one of another kind, was left as it is: nothing is changed at all.
    if (kept.length < rows.length)
      throw new CommandRefused('already_exists', 'An organization with this id is another one')
    await raiseOperator(tx, acting.operator, 'outlets')
    return {
      result: { count: rows.length },
      section: 'organizations',
      row: organizations[0]?.id ?? acting.operator,
      changes: { organizations: [null, rows.length] },
    }
  },
}
