import { expect, test } from 'vitest'
import { createTerminal, type Store } from '../index.ts'
import { memoryStore } from '../stores/memory.ts'
import { takeOver } from '../take-over.ts'
import type { Terminal } from '../terminal.ts'
import { runConformance, sampleDraft, scenarios, type TillUnderTest } from './index.ts'

const tillWith = (receiptOf: (receipt: string) => readonly string[], takesOver = true): TillUnderTest => {
  const software = { name: 'test-till', version: '1.0.0' }
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
      for (const number of receiptOf(receipt)) await till?.sale(sampleDraft(number), { answerWithinMs: 0 })
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
