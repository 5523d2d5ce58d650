import type { Uuid } from '@premia/pos-sdk/contract/admin'
import type { CommandContext, Definition, Done } from './command.ts'
import { raiseOperator } from '../changes.ts'
import { CommandRefused } from './refusal.ts'

type State = 'new' | 'active' | 'quarantined' | 'revoked'

const change = async (
  { tx, acting, version, reason }: CommandContext,
  terminal: Uuid,
  next: (state: State) => State | undefined,
): Promise<Done<'terminal.quarantine' | 'terminal.release' | 'terminal.revoke'>> => {
  const [row] = await tx<{ state: State; version: number }[]>`
    SELECT state, version FROM directory.terminal
    WHERE terminal_id = ${terminal} AND operator_id = ${acting.operator} FOR UPDATE`
  if (row === undefined) throw new CommandRefused('not_found', 'There is no such terminal here')
  if (version !== undefined && version !== row.version) {
    throw new CommandRefused('version_conflict', `The terminal has version ${row.version} by now`)
  }
  const state = next(row.state)
  if (state === undefined) throw new CommandRefused('state_not_allowed', `The terminal is ${row.state}`)
  await tx`
    UPDATE directory.terminal SET state = ${state}, state_reason = ${reason ?? null}, version = version + 1
    WHERE terminal_id = ${terminal}`
  await raiseOperator(tx, acting.operator, 'terminals')
  return {
    result: { row: terminal, version: row.version + 1 },
    section: 'terminals',
    row: terminal,
    changes: { state: [row.state, state] },
  }
}

export const quarantineTerminal: Definition<'terminal.quarantine'> = {
  name: 'terminal.quarantine',
  scope: 'operator',
  run: (context, { terminal }) =>
    change(context, terminal, (state) => (state === 'active' ? 'quarantined' : undefined)),
}

export const releaseTerminal: Definition<'terminal.release'> = {
  name: 'terminal.release',
  scope: 'operator',
  run: (context, { terminal }) =>
    change(context, terminal, (state) => (state === 'quarantined' ? 'active' : undefined)),
}

/** For ever. Documents that its keys signed before `fromSequence` are still taken, from this till or its replacement. */
export const revokeTerminal: Definition<'terminal.revoke'> = {
  name: 'terminal.revoke',
  scope: 'operator',
  run: async (context, { terminal, fromSequence = 0 }) => {
    const done = await change(context, terminal, (state) => (state === 'revoked' ? undefined : 'revoked'))
    await context.tx`
      UPDATE directory.terminal_key SET revoked_at = ${new Date(context.nowMs)}, revoked_from_sequence = ${fromSequence}
      WHERE terminal_id = ${terminal} AND revoked_at IS NULL`
    await context.tx`
      UPDATE directory.terminal SET enrol_code_hash = NULL, enrol_key_id = NULL, enrol_until_at = NULL
      WHERE terminal_id = ${terminal}`
    return { ...done, changes: { ...done.changes, fromSequence: [null, fromSequence] } }
  },
}
