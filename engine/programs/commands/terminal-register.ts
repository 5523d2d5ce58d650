import type { Tx } from '../../db/pool.ts'
import type { Definition } from './command.ts'
import { enrolCode, enrolCodeHash } from '../enrol-code.ts'
import { raiseOperator } from '../changes.ts'
import { type PeriodTable, putPeriods } from '../periods.ts'
import { CommandRefused, refuseTwins } from './refusal.ts'
import { asJson, requireOutlets } from './rows.ts'

const CODE_LIFE_MS = 86_400_000
const terminalPeriods: PeriodTable = {
  name: 'directory.terminal_period',
  key: { terminal_id: 'uuid' },
  facts: { outlet_id: 'uuid', replaces_id: 'uuid' },
}

/** Tills and their outlet from an instant on; a till that lost its key gets a new code in the same way. */
export const registerTerminals: Definition<'terminal.register'> = {
  name: 'terminal.register',
  scope: 'operator',
  again: ({ keys, command }, { terminals }) => ({
    codes: terminals.map(({ id }) => ({ terminal: id, code: enrolCode(keys.enrolKey, id, command) })),
  }),
  run: async ({ tx, acting, nowMs, keys, command }, { terminals }) => {
    refuseTwins(
      'terminals',
      terminals.map((each) => each.id),
    )
    await requireOutlets(
      tx,
      acting.operator,
      terminals.map((each) => each.outlet),
    )
    await requireTerminals(
      tx,
      acting.operator,
      terminals.flatMap(({ replaces }) => replaces ?? []),
    )
    const codes = terminals.map(({ id }) => ({ terminal: id, code: enrolCode(keys.enrolKey, id, command) }))
    const rows = terminals.map(({ id, name }, index) => ({
      terminal_id: id,
      name,
      code_hash: `\\x${enrolCodeHash(codes[index]?.code ?? '').toString('hex')}`,
    }))
    const kept = await tx`
      INSERT INTO directory.terminal AS t
        (terminal_id, operator_id, name, state, enrol_code_hash, enrol_until_at, created_at)
      SELECT terminal_id, ${acting.operator}, name, 'new', code_hash, ${new Date(nowMs + CODE_LIFE_MS)}, ${new Date(nowMs)}
      FROM jsonb_to_recordset(${asJson(rows)}::text::jsonb) AS i (terminal_id uuid, name text, code_hash bytea)
      ORDER BY terminal_id
      ON CONFLICT (terminal_id) DO UPDATE SET name = excluded.name, enrol_code_hash = excluded.enrol_code_hash,
        enrol_key_id = NULL, enrol_until_at = excluded.enrol_until_at, version = t.version + 1
      WHERE t.operator_id = excluded.operator_id
      RETURNING state`
    if (kept.length < rows.length) throw new CommandRefused('not_found', 'There is no such terminal here')
    if (kept.some((each) => each['state'] === 'revoked')) {
      throw new CommandRefused('state_not_allowed', 'A revoked terminal is replaced by a new one')
    }
    await putPeriods(
      tx,
      terminalPeriods,
      terminals.map(({ id, outlet, from, replaces }) => ({
        terminal_id: id,
        from_at: from,
        outlet_id: outlet,
        replaces_id: replaces,
      })),
    )
    await raiseOperator(tx, acting.operator, 'terminals')
    return {
      result: { codes },
      section: 'terminals',
      row: terminals[0]?.id ?? acting.operator,
      changes: { terminals: [null, rows.length] },
    }
  },
}

/** A terminal may finish the queue only of one that the operator has. */
const requireTerminals = async (tx: Tx, operator: string, ids: readonly string[]): Promise<void> => {
  const wanted = [...new Set(ids)]
  const known = await tx`
    SELECT 1 FROM directory.terminal WHERE operator_id = ${operator} AND terminal_id = ANY(${wanted}::uuid[])`
  if (known.length < wanted.length) throw new CommandRefused('not_found', 'There is no such terminal here')
}
