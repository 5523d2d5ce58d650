import type { Instant, Uuid } from '@premia/pos-sdk/contract/admin'
import type { ProgramDocument } from '@premia/rules'
import type { Tx } from '../../db/pool.ts'
import { scopeSettings } from '../../db/transaction.ts'
import { publishDocument, publishRuleSet } from '../publish.ts'
import { checkDocument } from './check-document.ts'
import type { Definition } from './command.ts'
import { CommandRefused, refuseFields } from './refusal.ts'
import { raiseOperator } from '../changes.ts'

const NUMBER_ATTEMPTS = 5
const limits = { lockTimeoutMs: 2_000, statementTimeoutMs: 20_000 }

interface NewProgram {
  readonly id: Uuid
  readonly operator: Uuid
  readonly organizer: Uuid
  readonly startsAt: Instant
  readonly document: ProgramDocument
  readonly nowMs: number
}

/** Numbers follow one another. Who meets a twin's number waits for its commit and takes the next one. */
const insertProgram = async (tx: Tx, program: NewProgram): Promise<number> => {
  const { id, operator, organizer, startsAt, document, nowMs } = program
  for (let attempt = 0; attempt < NUMBER_ATTEMPTS; attempt += 1) {
    const [row] = await tx<{ programId: number }[]>`
      INSERT INTO directory.program (program_id, public_id, operator_id, organizer_id, name, currency, zone, state,
        starts_at, created_at)
      SELECT coalesce(max(program_id), 0) + 1, ${id}, ${operator}, ${organizer}, ${document.name}, ${document.currency},
        ${document.zone}, 'active', ${startsAt}::timestamptz, ${new Date(nowMs)}
      FROM directory.program
      ON CONFLICT (program_id) DO NOTHING
      RETURNING program_id AS "programId"`
    if (row !== undefined) return row.programId
  }
  throw new CommandRefused('engine_busy', 'Too many programs are being made at this moment')
}

/** A program with its first document and an empty rule set, so that a sale can be judged from the first instant. */
export const createProgram: Definition<'program.create'> = {
  name: 'program.create',
  scope: 'operator',
  run: async ({ tx, acting, nowMs }, { id, organizer, startsAt, document }) => {
    refuseFields(checkDocument(document, '/input/document'))
    const [owner] = await tx`
      SELECT 1 FROM directory.organization
      WHERE organization_id = ${organizer} AND operator_id = ${acting.operator} AND kind IN ('organizer', 'operator')`
    if (owner === undefined || (acting.organizer !== undefined && acting.organizer !== organizer)) {
      throw new CommandRefused('not_found', 'There is no such organizer here')
    }
    const programId = await insertProgram(tx, { id, operator: acting.operator, organizer, startsAt, document, nowMs })
    // The program's own rows come under its row security, which the number of a new program has just opened.
    await tx.unsafe(scopeSettings({ programs: [programId], operators: [acting.operator] }, limits))
    const version = await publishDocument(tx, { programId, document, nowMs })
    const from = new Date(Math.min(Date.parse(startsAt), nowMs))
    await publishRuleSet(tx, {
      programId,
      rules: [],
      from,
      nowMs,
      published: { version, document },
      facts: { categories: [] },
    })
    await raiseOperator(tx, acting.operator, 'programs')
    return {
      result: { row: id, version: 1 },
      section: 'programs',
      row: id,
      changes: { name: [null, document.name], currency: [null, document.currency], state: [null, 'active'] },
    }
  },
}
