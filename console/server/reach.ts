import { sql } from 'drizzle-orm'
import type { ProgramDocument } from '@premia/rules'
import type { Access, ProgramReach } from '../kit/server/access.ts'
import { Problem } from '../kit/server/problem.ts'
import { type Database, inScope } from '../kit/server/transaction.ts'
import { rightNames, rightsOf } from './roles.ts'
import type { Session } from './session.ts'

interface ProgramRow extends Omit<ProgramReach, 'mainPointType' | 'pointScale' | 'pointValueMinor' | 'tiers'> {
  readonly document: Pick<ProgramDocument, 'mainPointType' | 'pointTypes' | 'tiers'>
}

/** The session's user with everything in reach: the widest scope they have. */
const widest = (session: Session, programs: readonly ProgramReach[], nowMs: number): Access => {
  const { user } = session
  const rights = rightsOf[user.role]
  const zones = new Set(programs.map((program) => program.zone))
  const [zone] = zones
  return {
    userId: user.userId,
    name: user.name,
    role: user.role,
    language: user.language,
    operatorId: user.operatorId,
    ...(user.outletId === null ? {} : { outletId: user.outletId }),
    programs,
    personal: rights.personal,
    staffNames: rights.staffNames,
    rights: rightNames(
      user.role,
      programs.length > 0 && programs.every(({ organizerId }) => organizerId === user.operatorId),
    ),
    zone: zones.size === 1 && zone !== undefined ? zone : user.zone,
    nowMs,
  }
}

/** Reads the programs a session reaches, under the scope that its user row and the directory give. */
export const reachOf = async (database: Database, session: Session, nowMs: number): Promise<Access> => {
  const known = session.programs.map(
    ({ programId, organizerId }): ProgramReach => ({
      programId,
      organizerId,
      publicId: '',
      name: '',
      currency: '',
      zone: '',
      state: '',
      mainPointType: '',
      pointScale: 0,
      pointValueMinor: 0,
      tiers: {},
    }),
  )
  const rows = await inScope(database, widest(session, known, nowMs), async (tx) => {
    const ids = sql.param(known.map((program) => program.programId))
    return await tx.run<ProgramRow>(sql`
      SELECT p.program_id AS "programId", p.public_id AS "publicId", p.organizer_id AS "organizerId", p.name, p.currency,
             p.zone, p.state, v.document
      FROM read.program p CROSS JOIN LATERAL (SELECT document FROM read.program_version v
        WHERE v.program_id = p.program_id ORDER BY version DESC LIMIT 1) v
      WHERE p.program_id = ANY (${ids}::bigint[]) ORDER BY p.organizer_name COLLATE "und-x-icu", p.name COLLATE "und-x-icu"`)
  })
  return widest(session, rows.map(toReach), nowMs)
}

const toReach = ({ document, ...program }: ProgramRow): ProgramReach => {
  const main = document.pointTypes.find((type) => type.code === document.mainPointType)
  return {
    ...program,
    mainPointType: document.mainPointType,
    pointScale: main?.scale ?? 0,
    pointValueMinor: main?.valueMinor ?? 0,
    tiers: Object.fromEntries(document.tiers.map((tier) => [tier.code, tier.name])),
  }
}

/** Narrows the reach to one organizer or one program, named by its id in the address; anything else does not exist. */
export const narrowed = (access: Access, session: Session, scope: string | undefined): Access => {
  if (scope === undefined || scope === '') return access
  const programs = access.programs.filter((program) => program.organizerId === scope || program.publicId === scope)
  if (programs.length === 0) throw new Problem('not_found', 'There is no such organizer or program in reach')
  return widest(session, programs, access.nowMs)
}
