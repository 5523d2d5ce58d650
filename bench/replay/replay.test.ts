import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkMeaning, checkSums, type QuoteRequest } from '@premia/pos-sdk/contract/till'
import { expect, test } from 'vitest'
import { decimalOf, penceOf } from './amount.ts'
import { replayId, saleId } from './identity.ts'
import { invoicesOf, londonMs } from './invoice.ts'
import { readInvoiceRows } from './invoice-row.ts'
import { saleDraft } from './sale-draft.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const fixture = join(here, 'fixture', 'month.csv')
const read = async (path: string) => invoicesOf(await readInvoiceRows(path))

test('an invoice keeps its goods, begins with its first line and names its customer without decimals', async () => {
  const { invoices } = await read(fixture)
  const first = invoices[0]
  expect(first).toMatchObject({ number: '900001', country: 'United Kingdom', customer: '17850' })
  expect(first?.atMs).toBe(Date.UTC(2010, 11, 1, 8, 26))
  expect(first?.lines.map(({ code, grossMinor }) => [code, grossMinor])).toEqual([
    ['85123A', 1530],
    ['71053', 2034],
  ])
  expect(invoices.map(({ number }) => number)).toEqual(['900001', '900002', '900007'])
})

test('every line that cannot be sold is refused with a reason of its own', async () => {
  const { refused, empty } = await read(fixture)
  expect(refused.map(({ row, reason }) => [row.StockCode, reason])).toEqual([
    ['POST', 'not_goods_postage'],
    ['M', 'not_goods_manual_entry'],
    ['BANK CHARGES', 'not_goods_bank_charges'],
    ['22139', 'price_zero'],
    ['21777', 'quantity_negative'],
    ['D', 'not_goods_discount'],
    ['84029E', 'price_below_a_penny'],
    ['??', 'stock_code_unknown'],
    ['AMAZONFEE', 'not_goods_marketplace_fee'],
    ['S', 'not_goods_samples'],
    ['22961', 'quantity_zero'],
    ['22962', 'quantity_unreadable'],
    ['22963', 'price_negative'],
    ['22964', 'price_unreadable'],
    ['22965', 'date_unreadable'],
    ['22966', 'invoice_contradictory'],
    ['B', 'not_goods_correction'],
  ])
  expect(empty).toBe(4)
})

test('cancellations are kept aside as a whole', async () => {
  const { cancelled, refused } = await read(fixture)
  expect(cancelled.map(({ InvoiceNo }) => InvoiceNo)).toEqual(['C900008', 'C900008'])
  expect(refused.some(({ row }) => row.InvoiceNo.startsWith('C'))).toBe(false)
})

test('the same file gives the same ids, another file or invoice others', () => {
  const at = Date.UTC(2010, 11, 1)
  expect(saleId('2010-12.csv.gz', '536365', at)).toBe(saleId('2010-12.csv.gz', '536365', at))
  expect(saleId('2010-12.csv.gz', '536365', at)).not.toBe(saleId('2011-01.csv.gz', '536365', at))
  expect(saleId('2010-12.csv.gz', '536365', at)).not.toBe(saleId('2010-12.csv.gz', '536366', at))
  expect(parseInt(saleId('a', 'b', at).replaceAll('-', '').slice(0, 12), 16)).toBe(at)
  expect(replayId('member', '17850')).toBe(replayId('member', '17850'))
})

test('local time of the file is London time, summer and winter', () => {
  expect(londonMs('2010-12-01 08:26:00')).toBe(Date.UTC(2010, 11, 1, 8, 26))
  expect(londonMs('2011-03-27 12:00:00')).toBe(Date.UTC(2011, 2, 27, 11))
  expect(londonMs('2011-13-01 12:00:00')).toBeUndefined()
  expect(londonMs('yesterday')).toBeUndefined()
})

test('text becomes pence without a float in between, or not at all', () => {
  const pence = (text: string) => {
    const decimal = decimalOf(text)
    return decimal === undefined ? undefined : penceOf(decimal)
  }
  expect(pence('2.55')).toBe(255)
  expect(pence('1.1')).toBe(110)
  expect(pence('38970.0')).toBe(3_897_000)
  expect(pence('0.001')).toBeUndefined()
  expect(pence('1e2')).toBeUndefined()
  expect(penceOf(decimalOf('0.29')?.times(3) ?? decimalOf('0')!)).toBe(87)
})

test('a draft adds up, carries one tender and knows no VAT', async () => {
  const { invoices } = await read(fixture)
  for (const invoice of invoices) {
    const draft = saleDraft(invoice, 'month.csv')
    expect(checkSums(draft, 'sale')).toEqual([])
    expect(checkMeaning({ ...draft, businessDate: '2010-12-01' } as unknown as QuoteRequest)).toEqual([])
    expect(draft.tenders).toHaveLength(1)
    expect(draft.lines.every((line) => line.vat.ratePpm === null)).toBe(true)
  }
  expect(saleDraft(invoices[1] ?? invoices[0]!, 'month.csv')).toMatchObject({
    cards: [],
    lines: [{ kind: 'giftCard' }],
  })
})

test('a file that lacks columns is named as such', async () => {
  await expect(readInvoiceRows(join(here, '..', '..', 'package.json'))).rejects.toThrow()
})

const shared = join(here, '..', '..', '..', 'shared', 'data', 'online-retail')

test.skipIf(!existsSync(shared))(
  'the real months are read whole: each row is sent, refused or kept aside',
  async () => {
    // One month is enough to know the dirt of them all, and does not take long.
    for (const name of (await readdir(shared)).filter((each) => each === '2011-01.csv.gz')) {
      const rows = await readInvoiceRows(join(shared, name))
      const { invoices, refused, cancelled } = invoicesOf(rows)
      const lines = invoices.reduce((sum, invoice) => sum + invoice.lines.length, 0)
      expect(lines + refused.length + cancelled.length, name).toBe(rows.length)
      const ids = invoices.map((invoice) => saleDraft(invoice, name).id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(refused.filter(({ reason }) => reason === 'stock_code_unknown')).toEqual([])
      for (const invoice of invoices) expect(checkSums(saleDraft(invoice, name), 'sale')).toEqual([])
    }
  },
)
