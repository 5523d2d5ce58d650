import { sql } from 'drizzle-orm'
import { foldedFrom, foldedTo, foldText } from '../../kit/model/fold-text.ts'
import type { Found } from '../../kit/model/wire.ts'
import { organizersOf } from '../../kit/server/access.ts'
import { receiptSpellings } from '../../kit/server/receipt-spellings.ts'
import { idArray } from '../../kit/server/references.ts'
import type { FindContext } from '../../kit/server/section-api.ts'
import { scopePrograms } from '../../kit/server/transaction.ts'

const foundMax = 8

interface FoundRow {
  readonly id: string
  readonly name: string | null
  readonly program: string
  /** Of the sale that led here. */
  readonly receipt?: string
  readonly at?: string
}

const toFound = ({ id, name, program, receipt, at }: FoundRow): Found => ({
  section: 'members',
  id,
  title: name === null || name === '' ? `…${id.slice(-6)}` : name,
  detail: receipt === undefined ? program : `${program} · ${receipt}`,
  ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
})

const columns = (personal: boolean) => sql`m.member_id AS id, g.name AS program,
  ${personal ? sql`concat_ws(' ', p.given_name, p.family_name)` : sql`NULL`} AS name`

/** By card: only the engine knows the key that turns a number into its token. */
const byCard = async ({ tx, text, ask }: FindContext): Promise<readonly Found[]> => {
  const { cards } = await ask('card.find', { number: text.replaceAll(/[\s-]/g, '') })
  if (cards.length === 0) return []
  const rows = await tx.run<FoundRow>(sql`SELECT ${columns(tx.access.personal)}
    FROM read.member m JOIN read.program g ON g.program_id = m.program_id
    LEFT JOIN read.person p ON p.organizer_id = g.organizer_id AND p.person_id = m.person_id
    WHERE m.program_id = ANY (${scopePrograms}) AND m.member_id = ANY (${idArray(cards.map((card) => card.member))})
    LIMIT ${foundMax}`)
  return rows.map(toFound)
}

/** Numbers as people write them, in E.164: with the country's prefix where there is none. */
const phonesOf = (text: string): readonly string[] => {
  const digits = text.replaceAll(/[\s()./-]/g, '')
  if (/^\+\d{8,15}$/.test(digits)) return [digits]
  if (/^00\d{8,15}$/.test(digits)) return [`+${digits.slice(2)}`]
  if (/^\d{9}$/.test(digits)) return [`+48${digits}`, `+40${digits}`]
  return /^0\d{9}$/.test(digits) ? [`+40${digits.slice(1)}`] : []
}

const byPerson = async ({ tx, text }: FindContext): Promise<readonly Found[]> => {
  if (!tx.access.personal) return []
  const phones = phonesOf(text)
  const words = foldText(text)
    .split(/\s+/)
    .filter((word) => word !== '')
  const folded = sql`translate(lower(concat_ws(' ', p.given_name, p.family_name) COLLATE "und-x-icu"), ${foldedFrom}, ${foldedTo})`
  const named = sql.join(
    words.slice(0, 4).map((word) => sql`strpos(${folded}, ${word}) > 0`),
    sql` AND `,
  )
  const test =
    phones.length > 0 ? sql`p.phone = ANY (${sql.param([...phones])}::text[])` : /\d/.test(text) ? sql`false` : named
  const rows = await tx.run<FoundRow>(sql`SELECT ${columns(true)}
    FROM read.person p JOIN read.program g ON g.organizer_id = p.organizer_id AND g.program_id = ANY (${scopePrograms})
    JOIN read.member m ON m.program_id = g.program_id AND m.person_id = p.person_id
    WHERE p.organizer_id = ANY (${idArray(organizersOf(tx.access))}) AND ${test}
    ORDER BY m.last_sale_at DESC NULLS LAST, m.member_id LIMIT ${foundMax}`)
  return rows.map(toFound)
}

/** By receipt: whose sale it was. */
const byReceipt = async ({ tx, text }: FindContext): Promise<readonly Found[]> => {
  if (!/\d/.test(text)) return []
  const rows = await tx.run<FoundRow>(sql`SELECT ${columns(tx.access.personal)}, s.document_number AS receipt,
      s.occurred_at AS at
    FROM read.sale_register s JOIN read.member m ON m.program_id = s.program_id AND m.member_id = s.member_id
    JOIN read.program g ON g.program_id = m.program_id
    LEFT JOIN read.person p ON p.organizer_id = g.organizer_id AND p.person_id = m.person_id
    WHERE s.program_id = ANY (${scopePrograms}) AND s.document_number = ANY (${sql.param(receiptSpellings(text))}::text[])
    ORDER BY s.occurred_at DESC, s.document_id, g.name LIMIT ${foundMax}`)
  return rows.map(toFound)
}

/** A member by card number, phone, name, or the receipt of a sale. */
export const find = async (context: FindContext): Promise<readonly Found[]> => {
  const compact = context.text.replaceAll(/[\s-]/g, '')
  const mayAsk = context.tx.access.rights.has('card.find')
  const looksLikeCard = mayAsk && /^[A-Z0-9]{8,32}$/i.test(compact) && /\d{4}/.test(compact)
  const found = await Promise.all([looksLikeCard ? byCard(context) : [], byPerson(context), byReceipt(context)])
  // Whoever is found in several ways is told by the first.
  return [
    ...new Map(
      found
        .flat()
        .toReversed()
        .map((each) => [each.id, each]),
    ).values(),
  ].toReversed()
}
