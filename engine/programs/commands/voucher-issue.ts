import type { Definition } from './command.ts'
import { CommandRefused, refuseTwins } from './refusal.ts'
import { asJson } from './rows.ts'

/** Vouchers with codes of their own. The code stays with whoever prints it: only its token is kept. */
export const issueVouchers: Definition<'voucher.issue'> = {
  name: 'voucher.issue',
  scope: 'program',
  run: async ({ tx, program, keys, nowMs }, { vouchers }) => {
    refuseTwins(
      'vouchers',
      vouchers.map((each) => each.id),
    )
    refuseTwins(
      'vouchers',
      vouchers.map((each) => each.code.toUpperCase()),
    )
    const members = [...new Set(vouchers.flatMap(({ member }) => (member === undefined ? [] : [member])))]
    const known = await tx`
      SELECT 1 FROM loyalty.member WHERE program_id = ${program.programId} AND member_id = ANY(${members}::uuid[])`
    if (known.length < members.length) throw new CommandRefused('not_found', 'There is no such member here')
    const rows = vouchers.map((each) => ({
      voucher_id: each.id,
      code_token: `\\x${keys.voucherToken(each.code).toString('hex')}`,
      code_last: each.code.slice(-4),
      kind: each.kind,
      value_minor: each.valueMinor,
      member_id: each.member,
      expires_at: each.expiresAt,
    }))
    await tx`
      INSERT INTO loyalty.voucher (program_id, voucher_id, code_token, code_last, kind, state, value_minor, member_id,
        issued_at, expires_at)
      SELECT ${program.programId}, voucher_id, code_token, code_last, kind, 'issued', value_minor, member_id,
        ${new Date(nowMs)}, expires_at
      FROM jsonb_to_recordset(${asJson(rows)}::text::jsonb) AS i (voucher_id uuid, code_token bytea, code_last text,
        kind text, value_minor bigint, member_id uuid, expires_at timestamptz)
      ORDER BY voucher_id`
    return {
      result: { count: rows.length },
      section: 'vouchers',
      row: vouchers.length === 1 ? (vouchers[0]?.id ?? program.publicId) : program.publicId,
      changes: { vouchers: [null, rows.length] },
    }
  },
}
