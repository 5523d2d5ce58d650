import type { Definition, Done, ProgramContext, ProgramRow } from './command.ts'
import { raiseProgram } from '../changes.ts'
import { CommandRefused } from './refusal.ts'

type State = ProgramRow['state']

const change = async (
  { tx, program, version, reason }: ProgramContext,
  from: State,
  to: State,
): Promise<Done<'program.suspend' | 'program.resume'>> => {
  const [row] = await tx<{ state: State; version: number }[]>`
    SELECT state, version FROM directory.program WHERE program_id = ${program.programId} FOR UPDATE`
  if (row === undefined) throw new CommandRefused('not_found', 'There is no such program here')
  if (version !== undefined && version !== row.version) {
    throw new CommandRefused('version_conflict', `The program has version ${row.version} by now`)
  }
  if (row.state !== from) throw new CommandRefused('state_not_allowed', `The program is ${row.state}`)
  await tx`
    UPDATE directory.program SET state = ${to}, state_reason = ${reason ?? null}, version = version + 1
    WHERE program_id = ${program.programId}`
  await raiseProgram(tx, program.operator, program.programId)
  return {
    result: { row: program.publicId, version: row.version + 1 },
    section: 'programs',
    row: program.publicId,
    changes: { state: [from, to] },
  }
}

/** Tills are told at once: each batch reads the state. */
export const suspendProgram: Definition<'program.suspend'> = {
  name: 'program.suspend',
  scope: 'program',
  run: (context) => change(context, 'active', 'suspended'),
}

export const resumeProgram: Definition<'program.resume'> = {
  name: 'program.resume',
  scope: 'program',
  run: (context) => change(context, 'suspended', 'active'),
}
