import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { notices, noticeText, problemDocument, refusal, refusals } from './problems.ts'

/** The codes that were settled before building, in the order in which they are decided. */
const settledRefusals = (
  'malformed unsupported_schema too_many_lines too_many_sales body_too_large sums_disagree quantity_not_positive ' +
  'terminal_unknown terminal_revoked terminal_quarantined session_expired mac_invalid sale_conflict document_taken ' +
  'not_permitted not_found quote_expired engine_busy engine_slow engine_stopping'
).split(' ')
const settledNotices = (
  'card_unknown card_blocked card_expired second_member_ignored own_card staff_unknown product_unknown ' +
  'program_suspended program_closed program_not_started outlet_not_in_program sale_too_old clock_wrong ' +
  'currency_differs voucher_gone points_short price_not_as_steered law_forbids estimate_differs'
).split(' ')

describe('the catalogue', () => {
  test('begins with the settled codes in their order of precedence', () => {
    expect(refusals.slice(0, settledRefusals.length).map(({ code }) => code)).toEqual(settledRefusals)
    const aboutReturns = [
      'original_unknown',
      'returned_too_much',
      'return_line_unknown',
      'points_uncollected',
      'points_paid_in_money',
    ]
    expect(notices.map(({ code }) => code)).toEqual([
      ...settledNotices,
      'balance_full',
      'points_worth_less',
      'voucher_short',
      ...aboutReturns,
    ])
  })

  test('names each code once, with an error status and a title', () => {
    expect(new Set(refusals.map(({ code }) => code)).size).toBe(refusals.length)
    for (const row of refusals) {
      expect(row.code).toMatch(/^[a-z0-9_]{3,40}$/)
      expect(row.status).toBeGreaterThanOrEqual(400)
      expect(row.status).toBeLessThan(600)
      expect(row.title).toMatch(/^[A-Z].{5,80}[^.]$/)
    }
  })

  test('asks for patience wherever the engine is at fault, and never with a status that says otherwise', () => {
    for (const { about, retry, status } of refusals) {
      if (about === 'engine') expect({ retry, status }).toEqual({ retry: 'after', status: expect.any(Number) })
      if (status >= 500) expect(retry).toBe('after')
      if (retry === 'never') expect(status).toBeLessThan(500)
    }
  })

  test('says each notice in Polish, English and Romanian, short enough for two lines of a receipt', () => {
    for (const { texts } of notices) {
      for (const text of Object.values(texts)) expect(text.length).toBeLessThanOrEqual(84)
      expect(new Set(Object.values(texts)).size).toBe(3)
    }
    expect(noticeText('card_blocked', 'pl')).toEqual({
      code: 'card_blocked',
      severity: 'warn',
      text: expect.any(String),
    })
  })

  test('makes problem documents whose status and title are the row’s', () => {
    for (const row of refusals) {
      expect(problemDocument(row.code, 'why')).toMatchObject({
        type: `/problems/${row.code}`,
        status: row.status,
        title: row.title,
        code: row.code,
      })
    }
    expect(refusal('no_such_code')).toBeUndefined()
  })

  test('stands in the guide for integrators, row by row', () => {
    const guide = readFileSync(new URL('../../docs/integrate-a-till.md', import.meta.url), 'utf8')
    const rows = [...guide.matchAll(/^\| `([a-z0-9_]+)` \| (\d{3}) \| ([a-z-]+) \| (.+) \|$/gm)]
    expect(rows.map(([, code, status, retry, title]) => ({ code, status: Number(status), retry, title }))).toEqual(
      refusals.map(({ code, status, retry, title }) => ({ code, status, retry, title })),
    )
    const told = [...guide.matchAll(/^\| `([a-z0-9_]+)` \| (info|warn) \| (.+) \|$/gm)]
    expect(told.map(([, code, severity, text]) => ({ code, severity, text }))).toEqual(
      notices.map(({ code, severity, texts }) => ({ code, severity, text: texts.en })),
    )
  })
})
