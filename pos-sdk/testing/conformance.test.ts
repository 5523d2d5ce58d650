import { expect, test } from 'vitest'
import { createTerminal, type Store } from '../index.ts'
import { memoryStore } from '../stores/memory.ts'
import { takeOver } from '../take-over.ts'
import type { Terminal } from '../terminal.ts'
import { type KnownSale, voidOf } from '../contract/till/returns.ts'
import { type GoodsBack, runConformance, sampleDraft, scenarios, type TillUnderTest } from './index.ts'

const tillWith = (receiptOf: (receipt: string) => readonly string[], takesOver = true): TillUnderTest => {
  const software = { name: 'test-till', version: '1.0.0' }
  const kept = new Map<string, KnownSale>()
  let till: Terminal | undefined
  let store: Store
  const start = async (engineUrl: string, enrolmentCode: string): Promise<void> => {
    till = await createTerminal({ engineUrl, enrolmentCode, store, software, retry: { firstMs: 1, mostMs: 5 } })
  }
  return {
    start: (engineUrl, enrolmentCode) => {
      store = memoryStore()
      return start(engineUrl, enrolmentCode)
    },
    replace: async (engineUrl, enrolmentCode) => {
      await till?.close()
      if (takesOver) await takeOver({ engineUrl, enrolmentCode, store, software })
      else store = memoryStore()
      await start(engineUrl, enrolmentCode)
    },
    sell: async (receipt) => {
      for (const number of receiptOf(receipt)) {
        const draft = sampleDraft(number)
        const { sale: id = '' } = (await till?.sale(draft, { answerWithinMs: 0 })) ?? {}
        kept.set(number, { ...draft, id: id as KnownSale['id'] })
      }
    },
    giveBack: async ({ receipt, document: number, reason }) => {
      const back = voidOf(kept.get(receipt) as KnownSale, { document: { kind: 'receipt', number }, reason })
      if (back.status === 'made') await till?.sale(back.draft, { answerWithinMs: 0 })
    },
    drained: async () => till?.drained(),
    stop: async () => till?.close(),
  }
}

test('the SDK passes its own conformance kit', async () => {
  const findings = await runConformance(tillWith((receipt) => [receipt]))
  expect(findings).toEqual(scenarios.map(({ name }) => ({ scenario: name, failures: [] })))
})

test('the kit notices a till that forgets a sale, and one that sells it under two receipts', async () => {
  const few = scenarios.slice(0, 2)
  const forgetful = await runConformance(
    tillWith((receipt) => (receipt === '3' ? [] : [receipt])),
    few,
  )
  for (const { failures } of forgetful) expect(failures).toContain('receipt 3 is booked 0 times')
  const doubling = await runConformance(
    tillWith((receipt) => [receipt, `${receipt}-again`]),
    few,
  )
  for (const { failures } of doubling) expect(failures).toContain('the card has 240 points instead of 120')
})

test('the kit notices a replacement that leaves the old queue behind, and asks for none where a till knows none', async () => {
  const chosen = scenarios.filter(({ replaced }) => replaced === true)
  const leaving = tillWith((receipt) => [receipt], false)
  const [finding] = await runConformance(leaving, chosen)
  expect(finding?.failures).toContain('receipt 3 is booked 0 times')
  const { replace: _, ...plain } = leaving
  expect(await runConformance(plain, chosen)).toEqual([])
})

test('TRX-05: the kit notices a till that loses a return or makes two of it, and asks for none where a till knows none', async () => {
  const chosen = scenarios.filter(({ returned }) => returned?.reason === 'customer').slice(0, 1)
  const found = async (giveBack: (till: TillUnderTest, goods: GoodsBack) => Promise<unknown>) => {
    const own = tillWith((receipt) => [receipt])
    const giving = { ...own, giveBack: async (goods: GoodsBack) => void (await giveBack(own, goods)) }
    return (await runConformance(giving, chosen))[0]?.failures
  }
  expect(await found(() => Promise.resolve())).toEqual([
    'the returns are none instead of back-1',
    'the card has 120 points instead of 96',
  ])
  const twice = await found(async ({ giveBack }, goods) => {
    await giveBack?.(goods)
    await giveBack?.({ ...goods, document: 'back-2' })
  })
  expect(twice).toEqual(['the returns are back-1,back-2 instead of back-1'])
  const { giveBack: _, ...plain } = tillWith((receipt) => [receipt])
  expect(await runConformance(plain, chosen)).toEqual([])
})
