import { randomUUID } from 'node:crypto'
import type { Database } from '../kit/server/transaction.ts'
import { hashPassword } from './password.ts'

/** Everyone knows this password: these users exist only where nobody but this machine can log in. */
const demoPassword = 'premia-demo'

interface DemoUser {
  readonly login: string
  readonly name: string
  readonly role: 'operator' | 'organizer' | 'analyst' | 'outlet'
  readonly organizers: readonly string[] | null
  readonly language: 'pl' | 'ro'
  readonly zone: string
}

const pl = { language: 'pl', zone: 'Europe/Warsaw' } as const
const users: readonly DemoUser[] = [
  { login: 'operator@demo', name: 'Ewa Mazur', role: 'operator', organizers: null, ...pl },
  { login: 'apteki@demo', name: 'Anna Wójcik', role: 'organizer', organizers: ['APT'], ...pl },
  {
    login: 'magazin@demo',
    name: 'Ioana Țurcanu',
    role: 'organizer',
    organizers: ['MAG'],
    language: 'ro',
    zone: 'Europe/Bucharest',
  },
  { login: 'analyst@demo', name: 'Piotr Lis', role: 'analyst', organizers: ['APT'], ...pl },
  { login: 'outlet@demo', name: 'Marta Sowa', role: 'outlet', organizers: null, ...pl },
]

interface Place {
  readonly operatorId: string
  readonly organizers: ReadonlyMap<string, string>
  readonly outletId: string
}

/** Finds the demo's organizations by their marks; undefined while the demo has not made them yet. */
const findPlace = async (database: Database): Promise<Place | undefined> => {
  const rows = await database<{ id: string; operatorId: string; kind: string; mark: string }[]>`
    SELECT organization_id AS id, operator_id AS "operatorId", kind, mark FROM read.organization
    WHERE mark IN ('OPR', 'APT', 'MAG') AND kind IN ('operator', 'organizer') ORDER BY organization_id`
  const operator = rows.find((row) => row.mark === 'OPR' && row.kind === 'operator')
  if (operator === undefined) return undefined
  const organizers = new Map(
    rows.filter((row) => row.kind === 'organizer' && row.operatorId === operator.id).map((row) => [row.mark, row.id]),
  )
  if (!organizers.has('APT') || !organizers.has('MAG')) return undefined
  const outletId = await findOutlet(database, operator.id, organizers.get('APT') as string)
  return outletId === undefined ? undefined : { operatorId: operator.id, organizers, outletId }
}

/** The first outlet, by its code, of a program of the organizer. */
const findOutlet = async (database: Database, operatorId: string, organizerId: string): Promise<string | undefined> => {
  const found = await database.begin('read only', async (tx) => {
    const programs = await tx<{ programId: number }[]>`SELECT program_id AS "programId"
      FROM console.programs_of(${operatorId}, NULL) WHERE organizer_id = ${organizerId}`
    const ids = programs.map(({ programId }) => Number(programId)).join(',')
    if (!/^[\d,]+$/.test(ids) || !/^[0-9a-f-]{36}$/.test(operatorId)) return { outletId: undefined }
    await tx.unsafe(`SET LOCAL app.programs = '{${ids}}'; SET LOCAL app.operators = '{${operatorId}}'`)
    const [first] = await tx<{ outletId: string }[]>`SELECT o.outlet_id AS "outletId" FROM read.outlet o
      WHERE EXISTS (SELECT FROM read.program_outlet a WHERE a.outlet_id = o.outlet_id) ORDER BY o.code LIMIT 1`
    return { outletId: first?.outletId }
  })
  return found.outletId
}

/** Makes the demo users that are missing. False: the demo's organizations are not there yet, ask again later. */
export const seedDemoUsers = async (database: Database, nowMs: number): Promise<boolean> => {
  const place = await findPlace(database)
  if (place === undefined) return false
  const found = await database<{ login: string }[]>`SELECT login FROM console."user" WHERE demo`
  const missing = users.filter((user) => !found.some((each) => each.login === user.login))
  if (missing.length === 0) return true
  const passwordHash = await hashPassword(demoPassword)
  for (const user of missing) {
    const organizers = user.organizers?.map((mark) => place.organizers.get(mark) as string) ?? null
    await database`INSERT INTO console."user" (user_id, login, name, password_hash, role, operator_id, organizer_ids,
        outlet_id, language, zone, demo, created_at)
      VALUES (${randomUUID()}, ${user.login}, ${user.name}, ${passwordHash}, ${user.role}, ${place.operatorId},
        ${organizers}::uuid[], ${user.role === 'outlet' ? place.outletId : null}, ${user.language}, ${user.zone}, true,
        ${new Date(nowMs).toISOString()})
      ON CONFLICT (login) DO NOTHING`
  }
  return true
}

/** Where others can reach the server there are no demo users and no sessions of theirs. */
export const removeDemoUsers = async (database: Database): Promise<void> => {
  await database`DELETE FROM console."user" WHERE demo`
}
