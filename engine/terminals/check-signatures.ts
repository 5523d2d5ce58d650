import { type KeyObject, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { chainStart, signedText } from '@premia/pos-sdk/contract/till'
import { newId } from '../clock.ts'
import type { Tx } from '../db/pool.ts'
import { hashOfSigned, readSigned, type SignedList } from '../ledger/signed.ts'
import type { OutboxEffect } from '../outbox/drain.ts'
import { quarantine } from './quarantine.ts'
import { publicKeyOf } from './register.ts'

/**
 * The signatures of booked documents, checked after the sale: one Ed25519 check costs as much as the whole route. Each
 * document finds its place in the chain of its key; a signature that does not verify, two documents at one sequence, or a
 * document that does not name its neighbour quarantine the terminal and leave a finding. A gap is none: what a program does
 * not book is not seen here.
 */
interface SaleRow {
  readonly documentId: string
  readonly terminal: string
  readonly signed: Buffer
}

interface Document extends SaleRow {
  readonly list: SignedList
  readonly hash: string
}

interface Suspicion {
  readonly documentId: string
  readonly terminal: string
  readonly code: 'signature_bad' | 'signature_key_unknown' | 'chain_forked'
}

const verifyAsync = promisify(verify)

export const checkSignatures: OutboxEffect = {
  name: 'signatures',
  run: async (tx, { programId, nowMs }, batches) => {
    const rows = await tx<SaleRow[]>`
      SELECT document_id AS "documentId", terminal_id AS terminal, signed FROM loyalty.sale
      WHERE program_id = ${programId} AND booked_at = ANY(${batches.map(({ bookedAt }) => bookedAt.toISOString())}::timestamptz[])
        AND batch_id = ANY(${batches.map(({ batchId }) => batchId)}::uuid[])
      ORDER BY document_id`
    const documents = rows.map((row): Document => {
      const list = readSigned(row.signed)
      return { ...row, list, hash: hashOfSigned(list) }
    })
    const suspicions = [...(await badSignatures(tx, documents)), ...(await forks(tx, documents, nowMs))]
    await tell(tx, { programId, nowMs }, suspicions)
  },
}

const badSignatures = async (tx: Tx, documents: readonly Document[]): Promise<readonly Suspicion[]> => {
  const terminals = [...new Set(documents.map(({ terminal }) => terminal))]
  const rows = await tx<{ terminal: string; keyId: string; publicKey: Buffer }[]>`
    SELECT terminal_id AS terminal, key_id AS "keyId", public_key AS "publicKey" FROM directory.terminal_key
    WHERE terminal_id = ANY(${terminals}::uuid[])`
  const keys = new Map<string, KeyObject>(
    rows.map((row) => [`${row.terminal} ${row.keyId}`, publicKeyOf(row.publicKey.toString('base64url'))]),
  )
  const checked = await Promise.all(
    documents.map(async ({ documentId, terminal, list }): Promise<Suspicion | undefined> => {
      const key = keys.get(`${terminal} ${list.keyId}`)
      if (key === undefined) return { documentId, terminal, code: 'signature_key_unknown' }
      const text = Buffer.from(signedText(list.digests))
      const good = await verifyAsync(null, text, key, Buffer.from(list.value, 'base64url'))
      return good ? undefined : { documentId, terminal, code: 'signature_bad' }
    }),
  )
  return checked.filter((each) => each !== undefined)
}

/** Keeps each document's place and looks at its neighbours. A document booked in several programs has one place. */
const forks = async (tx: Tx, documents: readonly Document[], nowMs: number): Promise<readonly Suspicion[]> => {
  const places = documents.map(({ terminal, documentId, hash, list }) => ({
    terminal_id: terminal,
    key_id: list.keyId,
    sequence: list.sequence,
    document_id: documentId,
    document_hash: `\\x${hash}`,
    previous_hash: `\\x${list.previous}`,
  }))
  const input = JSON.stringify(places)
  await tx`
    INSERT INTO directory.terminal_document (terminal_id, key_id, sequence, document_id, document_hash, previous_hash,
      checked_at)
    SELECT terminal_id, key_id, sequence, document_id, document_hash, previous_hash, ${new Date(nowMs)}
    FROM jsonb_to_recordset(${input}::text::jsonb) AS i (terminal_id uuid, key_id text, sequence bigint,
      document_id uuid, document_hash bytea, previous_hash bytea)
    ORDER BY terminal_id, key_id, sequence, document_hash
    ON CONFLICT DO NOTHING`
  const rows = await tx<{ documentId: string; terminal: string }[]>`
    SELECT DISTINCT i.document_id AS "documentId", i.terminal_id AS terminal
    FROM jsonb_to_recordset(${input}::text::jsonb) AS i (terminal_id uuid, key_id text, sequence bigint,
      document_id uuid, document_hash bytea, previous_hash bytea)
    WHERE (i.sequence = 1 AND i.previous_hash <> decode(${chainStart}, 'hex'))
      OR EXISTS (
        SELECT FROM directory.terminal_document d
        WHERE d.terminal_id = i.terminal_id AND d.key_id = i.key_id
          AND d.sequence BETWEEN i.sequence - 1 AND i.sequence + 1 AND (
            (d.sequence = i.sequence AND d.document_hash <> i.document_hash)
            OR (d.sequence = i.sequence - 1 AND d.document_hash <> i.previous_hash)
            OR (d.sequence = i.sequence + 1 AND d.previous_hash <> i.document_hash)))`
  return rows.map(({ documentId, terminal }) => ({ documentId, terminal, code: 'chain_forked' }))
}

const tell = async (
  tx: Tx,
  { programId, nowMs }: { readonly programId: number; readonly nowMs: number },
  suspicions: readonly Suspicion[],
): Promise<void> => {
  if (suspicions.length === 0) return
  const rows = suspicions.map(({ documentId, code }) => ({ finding_id: newId(nowMs), document_id: documentId, code }))
  await tx`
    INSERT INTO loyalty.finding (program_id, finding_id, document_id, code, severity, found_at)
    SELECT ${programId}, finding_id, document_id, code, 'warn', ${new Date(nowMs)}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS i (finding_id uuid, document_id uuid, code text)`
  const first = new Map(suspicions.map((each) => [each.terminal, each] as const).reverse())
  for (const terminal of [...first.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const { code, documentId } = first.get(terminal) as Suspicion
    await quarantine(tx, { terminal, reason: `${code} at document ${documentId}`, nowMs })
  }
}
