import { createHash } from 'node:crypto'
import type { Commands, Instant, Uuid } from '@premia/pos-sdk/contract/admin'
import { type NoticeCode, notices, noticeText } from '@premia/pos-sdk/contract/problems'
import { type SQL, sql } from 'drizzle-orm'
import { type Found, type Language, languages } from '../../kit/model/wire.ts'
import { operatorAuditFeed } from '../../kit/server/audit-feed.ts'
import type { FindContext, InputContext, RecordContext, SectionApi } from '../../kit/server/section-api.ts'
import { now, type ScopedTx, scopePrograms } from '../../kit/server/transaction.ts'
import type {
  TerminalDocument,
  TerminalEvent,
  TerminalKey,
  TerminalPeriod,
  TerminalRecord,
  TerminalTrouble,
} from './record.ts'

const documentsMax = 10
const troublesMax = 20
/** Gaps are looked for among so many of the latest numbers of a key. */
const sequencesMax = 1_000
const gapsMax = 12

const iso = (value: SQL): SQL => sql`to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const record = async ({ tx, id }: RecordContext): Promise<TerminalRecord> => {
  const periods = await readPeriods(tx, id)
  const [place] = await tx.run<TerminalRecord['place']>(sql`
    SELECT o.code, o.city, o.zone FROM read.till t JOIN read.outlet o ON o.outlet_id = t.outlet_id
    WHERE t.terminal_id = ${id}::uuid`)
  const [state] = await tx.run<{ reason: string | null }>(sql`
    SELECT state_reason AS reason FROM read.till WHERE terminal_id = ${id}::uuid AND state = 'quarantined'`)
  return {
    place: place ?? { code: '', city: null, zone: null },
    keys: await readKeys(tx, id),
    periods,
    documents: await readDocuments(tx, id),
    troubles: await readTroubles(tx, id),
    suspicion: suspicionOf(state?.reason ?? ''),
    events: await readEvents(tx, id),
  }
}

/** An outlet's user is told of that outlet alone. */
const ownOutlet = (tx: ScopedTx, outlet: SQL): SQL =>
  tx.access.outletId === undefined ? sql`true` : sql`${outlet} = ${tx.access.outletId}::uuid`

const readPeriods = async (tx: ScopedTx, id: string): Promise<readonly TerminalPeriod[]> =>
  await tx.run<TerminalPeriod>(sql`
    SELECT o.name AS outlet, ${iso(sql`p.from_at`)} AS "from", ${iso(sql`p.until_at`)} AS until
    FROM read.till_period p JOIN read.outlet o ON o.outlet_id = p.outlet_id
    WHERE p.terminal_id = ${id}::uuid AND ${ownOutlet(tx, sql`p.outlet_id`)}
      AND p.outlet_id IN (SELECT a.outlet_id FROM read.program_outlet a WHERE a.program_id = ANY (${scopePrograms}))
    ORDER BY p.from_at DESC LIMIT 20`)

interface KeyRow extends Omit<TerminalKey, 'gaps' | 'missing'> {
  readonly gaps: TerminalKey['gaps'] | null
}

const readKeys = async (tx: ScopedTx, id: string): Promise<readonly TerminalKey[]> => {
  const rows = await tx.run<KeyRow>(sql`
    SELECT k.key_id AS id, ${iso(sql`k.from_at`)} AS "from", ${iso(sql`k.revoked_at`)} AS "revokedAt",
      k.revoked_from_sequence AS "refusedFrom", d.last, d.gaps
    FROM read.till_key k LEFT JOIN LATERAL (
      SELECT max(n) AS last,
        jsonb_agg(jsonb_build_object('from', before + 1, 'to', n - 1) ORDER BY n DESC) FILTER (WHERE before < n - 1) AS gaps
      FROM (SELECT n, lag(n) OVER (ORDER BY n) AS before FROM (
        SELECT DISTINCT sequence AS n FROM read.till_document
        WHERE terminal_id = k.terminal_id AND key_id = k.key_id ORDER BY n DESC LIMIT ${sequencesMax}) latest) steps) d ON true
    WHERE k.terminal_id = ${id}::uuid ORDER BY k.from_at DESC, k.key_id LIMIT 20`)
  return rows.map((row) => {
    const gaps = row.gaps ?? []
    return {
      ...row,
      gaps: gaps.slice(0, gapsMax),
      missing: gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0),
    }
  })
}

/** The till's documents of the last month, in the programs of the scope, wherever it stood. */
const documentsOf = (tx: ScopedTx, id: string): SQL => sql`
  read.sale_register s WHERE s.program_id = ANY (${scopePrograms}) AND s.terminal_id = ${id}::uuid
    AND s.outlet_id IN (SELECT p.outlet_id FROM read.till_period p WHERE p.terminal_id = ${id}::uuid)
    AND s.occurred_at >= ${now} - interval '31 days' AND ${ownOutlet(tx, sql`s.outlet_id`)}`

const readDocuments = async (tx: ScopedTx, id: string): Promise<readonly TerminalDocument[]> =>
  await tx.run<TerminalDocument>(sql`
    SELECT DISTINCT ON (s.occurred_at, s.document_id) s.document_id AS id, s.document_number AS number,
      s.kind = 'return' AS "isReturn", ${iso(sql`s.occurred_at`)} AS at, ${iso(sql`s.received_at`)} AS "receivedAt"
    FROM ${documentsOf(tx, id)} ORDER BY s.occurred_at DESC, s.document_id LIMIT ${documentsMax}`)

interface FindingRow extends Pick<TerminalTrouble, 'id' | 'number' | 'at'> {
  readonly code: string
  readonly severity: string
}

const readTroubles = async (tx: ScopedTx, id: string): Promise<readonly TerminalTrouble[]> => {
  const rows = await tx.run<FindingRow>(sql`
    SELECT DISTINCT s.document_id AS id, s.document_number AS number, ${iso(sql`s.occurred_at`)} AS at, f.code, f.severity
    FROM (SELECT * FROM ${documentsOf(tx, id)} AND s.notices > 0
      ORDER BY s.occurred_at DESC, s.document_id LIMIT ${troublesMax}) s
    JOIN read.finding f ON f.program_id = s.program_id AND f.document_id = s.document_id
    ORDER BY at DESC, id, code`)
  const troubles = new Map<string, { row: FindingRow; notices: TerminalTrouble['notices'][number][] }>()
  for (const row of rows) {
    const trouble = troubles.get(row.id) ?? { row, notices: [] }
    trouble.notices.push({ code: row.code, warns: row.severity === 'warn', texts: textsOf(row.code) })
    troubles.set(row.id, trouble)
  }
  return [...troubles.values()].map(({ row: { id: document, number, at }, notices: said }) => ({
    id: document,
    number,
    at,
    notices: said,
  }))
}

const knownCodes: ReadonlySet<string> = new Set(notices.map((each) => each.code))

const textsOf = (code: string): Readonly<Record<Language, string>> =>
  Object.fromEntries(
    languages.map((language) => [
      language,
      knownCodes.has(code) ? noticeText(code as NoticeCode, language).text : code,
    ]),
  ) as Readonly<Record<Language, string>>

/** The engine's own reason names a code and a document (`terminals/check-signatures.ts`); a person's names what it likes. */
const suspicionOf = (reason: string): TerminalRecord['suspicion'] => {
  const [, code, document] = /^([a-z_]+) at document ([0-9a-f-]{36})$/.exec(reason) ?? []
  return code === undefined || document === undefined ? null : { code, document }
}

const nobody = '00000000-0000-0000-0000-000000000000'

const readEvents = async (tx: ScopedTx, id: string): Promise<readonly TerminalEvent[]> => {
  const events = await operatorAuditFeed(tx, 'terminals', id)
  return events.map(({ actorId, actor, reason, ...event }): TerminalEvent => {
    if (actorId === nobody) return { ...event, by: 'engine' }
    if (actorId === id) return { ...event, by: 'till' }
    return {
      ...event,
      ...(actor === undefined ? {} : { actor }),
      ...(reason === undefined ? {} : { reason }),
    }
  })
}

interface TillRow {
  readonly name: string
  readonly outlet: Uuid
  readonly from: Instant
  readonly replaces: Uuid | null
}

const readTill = async ({ tx, id }: InputContext): Promise<TillRow> => {
  const [row] = await tx.run<TillRow>(sql`
    SELECT name, outlet_id AS outlet, ${iso(sql`from_at`)} AS "from", replaces_id AS replaces
    FROM read.till WHERE terminal_id = ${id}::uuid`)
  if (row === undefined) throw new Error('a till without its row')
  return row
}

/** The same id whenever the same command is given again: a repeated answer names the same till. */
const idOf = (command: string): Uuid => {
  const hex = createHash('sha256').update(`till of ${command}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid
}

type Register = Commands['terminal.register']['input']

const ofTill = ({ id }: InputContext): Promise<Commands['terminal.release']['input']> =>
  Promise.resolve({ terminal: id as Uuid })

const inputs: NonNullable<SectionApi['inputs']> = {
  newCode: async (context): Promise<Register> => {
    const { replaces, ...row } = await readTill(context)
    return { terminals: [{ ...row, id: context.id as Uuid, ...(replaces === null ? {} : { replaces }) }] }
  },
  replace: async (context): Promise<Register> => {
    const { outlet } = await readTill(context)
    // From the beginning of the day, so that the command is the same when it is repeated.
    const from = `${new Date(context.tx.access.nowMs).toISOString().slice(0, 10)}T00:00:00.000Z` as Instant
    const { id, command, given } = context
    return {
      terminals: [{ id: idOf(command), name: String(given['name']), outlet, from, replaces: id as Uuid }],
    }
  },
  quarantine: ofTill,
  release: ofTill,
  revoke: async ({ id, given }): Promise<Commands['terminal.revoke']['input']> => ({
    terminal: id as Uuid,
    fromSequence: Number(given['fromSequence']),
  }),
}

const foundMax = 4

/** Tills by their name and the code or name of their outlet. */
const find = async ({ tx, text }: FindContext): Promise<readonly Found[]> => {
  if (text.length < 3) return []
  const named = sql`concat_ws(' ', o.code, o.name, t.name) COLLATE "und-x-icu"`
  const rows = await tx.run<{ id: string; name: string; outlet: string }>(sql`
    SELECT t.terminal_id AS id, t.name, o.name AS outlet FROM read.till t JOIN read.outlet o ON o.outlet_id = t.outlet_id
    WHERE t.outlet_id IN (SELECT a.outlet_id FROM read.program_outlet a
        WHERE a.program_id = ANY (${scopePrograms}) AND (a.until_at IS NULL OR a.until_at > ${now}))
      AND ${ownOutlet(tx, sql`t.outlet_id`)} AND strpos(lower(${named}), lower(${text} COLLATE "und-x-icu")) > 0
    ORDER BY o.code, t.name, t.terminal_id LIMIT ${foundMax}`)
  return rows.map(({ id, name, outlet }) => ({ section: 'terminals', id, title: name, detail: outlet }))
}

export const api: SectionApi = { record, find, inputs }
