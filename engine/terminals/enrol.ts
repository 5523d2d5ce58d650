import { createHash, verify } from 'node:crypto'
import { type EnrolRequest, enrolText, keyIdOf, type Uuid } from '@premia/pos-sdk/contract/till'
import type { RefusalCode } from '@premia/pos-sdk/contract/problems'
import type { Sql, Tx } from '../db/pool.ts'
import { inScope } from '../db/transaction.ts'
import { newId } from '../clock.ts'
import { sha256 } from '../keys.ts'
import { raiseOperator } from '../programs/changes.ts'
import { enrolCodeHash } from '../programs/enrol-code.ts'
import { publicKeyOf } from './register.ts'

export type Enrolled =
  | { readonly ok: true; readonly terminal: Uuid; readonly keyId: string }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string }

/** So many keys of a terminal open sessions: the one in use and the one that follows it. */
const ACTIVE_KEYS = 2

const CODE_INVALID: Enrolled = {
  ok: false,
  code: 'enrolment_code_invalid',
  detail: 'The enrolment code is unknown, used or out of date',
}

/**
 * Makes the device key of a terminal known. The code works for one key; who enrols a key has proven to hold its other half.
 * A till that never saw the answer repeats its request and gets the same one.
 */
export const enrolTerminal = async (sql: Sql, request: EnrolRequest, nowMs: number): Promise<Enrolled> => {
  if (!provesKey(request)) {
    return { ok: false, code: 'mac_invalid', detail: 'The signature is not that of the key' }
  }
  return inScope(sql, {}, async (tx) => {
    const [row] = await tx<{ terminal: Uuid; operator: Uuid; state: string; untilAt: Date; usedBy: string | null }[]>`
      SELECT terminal_id AS terminal, operator_id AS operator, state, enrol_until_at AS "untilAt", enrol_key_id AS "usedBy"
      FROM directory.terminal WHERE enrol_code_hash = ${enrolCodeHash(request.code)} FOR UPDATE`
    if (row === undefined || row.untilAt.getTime() <= nowMs || row.state === 'revoked') return CODE_INVALID
    const { terminal, operator } = row
    const keyId = keyIdOf(request.publicKey, sha256)
    if (row.usedBy !== null) return row.usedBy === keyId ? { ok: true, terminal, keyId } : CODE_INVALID
    await tx`
      INSERT INTO directory.terminal_key (terminal_id, key_id, public_key, from_at)
      VALUES (${terminal}, ${keyId}, ${Buffer.from(request.publicKey, 'base64url')}, ${new Date(nowMs)})
      ON CONFLICT (terminal_id, key_id) DO NOTHING`
    await retireOldKeys(tx, terminal, nowMs)
    await tx`
      UPDATE directory.terminal SET enrol_key_id = ${keyId}, version = version + 1,
        state = CASE state WHEN 'new' THEN 'active' ELSE state END,
        software = ${softwareText(request.software)}, last_contact_at = ${new Date(nowMs)}
      WHERE terminal_id = ${terminal}`
    await raiseOperator(tx, operator, 'terminals')
    await keepEnrolment(tx, { terminal, operator, keyId, nowMs })
    return { ok: true, terminal, keyId }
  })
}

const provesKey = ({ code, publicKey, signature }: EnrolRequest): boolean => {
  try {
    const text = Buffer.from(enrolText(code, publicKey))
    return verify(null, text, publicKeyOf(publicKey), Buffer.from(signature, 'base64url'))
  } catch {
    // 32 bytes that are no key.
    return false
  }
}

/** Retired keys open no session; what they signed is still taken. */
const retireOldKeys = async (tx: Tx, terminal: Uuid, nowMs: number): Promise<void> => {
  await tx`
    UPDATE directory.terminal_key SET revoked_at = ${new Date(nowMs)}
    WHERE terminal_id = ${terminal} AND revoked_at IS NULL AND key_id NOT IN (
      SELECT key_id FROM directory.terminal_key WHERE terminal_id = ${terminal} AND revoked_at IS NULL
      ORDER BY from_at DESC, key_id LIMIT ${ACTIVE_KEYS})`
}

const keepEnrolment = async (
  tx: Tx,
  { terminal, operator, keyId, nowMs }: { terminal: Uuid; operator: Uuid; keyId: string; nowMs: number },
): Promise<void> => {
  await tx`
    INSERT INTO directory.audit (operator_id, audit_id, at, actor_id, actor_name, command, section, row_id, changes,
      input_hash, result)
    VALUES (${operator}, ${newId(nowMs)}, ${new Date(nowMs)}, ${terminal}, 'the terminal itself', 'terminal.enrol',
      'terminals', ${terminal}, ${tx.json({ key: [null, keyId] })}, ${createHash('sha256').update(keyId).digest()}, '{}')`
}

export const softwareText = ({ name, version }: EnrolRequest['software']): string => `${name} ${version}`.slice(0, 100)
