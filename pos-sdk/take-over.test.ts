import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTerminal, EnrolmentError, type ParkedSale, type Store, type TerminalOptions } from './index.ts'
import { fileStore, leftFileStore } from './stores/file.ts'
import { memoryStore } from './stores/memory.ts'
import { exportedTill, exportTill, takeOver } from './take-over.ts'
import type { Terminal } from './terminal.ts'
import { type FakeEngine, sampleDraft, startFakeEngine } from './testing/index.ts'

const card = '2990000000014'
const software = { name: 'test-till', version: '1.0.0' }

let engine: FakeEngine
let opened: Terminal[]
let parked: ParkedSale[]
let folders: string[]
let isAway = false

const fetchUnlessAway: typeof fetch = (input, init) =>
  isAway ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init)

const open = async (store: Store, change: Partial<TerminalOptions> = {}): Promise<Terminal> => {
  const till = await createTerminal({
    engineUrl: engine.url,
    store,
    software,
    fetch: fetchUnlessAway,
    onParked: (one) => void parked.push(one),
    retry: { firstMs: 1, mostMs: 5 },
    ...change,
  })
  opened.push(till)
  return till
}

/** A till that was closed for ever with so many sales in its queue. */
const leave = async (store: Store, receipts: readonly string[], code = engine.enrolmentCode): Promise<void> => {
  const till = await open(store, { enrolmentCode: code })
  isAway = true
  for (const receipt of receipts) await till.sale(sampleDraft(receipt), { answerWithinMs: 0 })
  await till.close()
  isAway = false
}

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'premia-take-over-'))
  folders.push(made)
  return made
}

const booked = (): readonly string[] =>
  [...engine.ledger.bookings.values()].map(({ sale }) => sale.document.number).sort()
const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'taken over',
    (error: { reason?: string; code?: string }) => error.reason ?? error.code ?? 'another error',
  )

beforeEach(async () => {
  engine = await startFakeEngine()
  opened = []
  parked = []
  folders = []
  isAway = false
})
afterEach(async () => {
  for (const till of opened) await till.close()
  await engine.close()
  for (const each of folders) rmSync(each, { recursive: true, force: true })
})

describe('POS-04: a till that is replaced with a full queue loses no sale', () => {
  test('its replacement sends the documents as they were signed, beside its own chain', async () => {
    const old = new Map<string, string>()
    await leave(memoryStore(old), ['1', '2', '3'])
    const texts = [...old].filter(([key]) => key.startsWith('sale/')).map(([, text]) => text)
    const enrolmentCode = engine.replaceTerminal()
    const store = memoryStore()
    const taken = await takeOver({ engineUrl: engine.url, store, from: memoryStore(old), enrolmentCode, software })
    expect(taken).toEqual({ terminal: expect.not.stringMatching(engine.terminal), queued: 3, parked: 0 })
    const heir = await open(store)
    await heir.sale(sampleDraft('4'))
    await heir.drained()
    expect(booked()).toEqual(['1', '2', '3', '4'])
    expect(texts).toHaveLength(3)
    for (const text of texts) {
      const { id } = JSON.parse(text)
      expect(JSON.stringify(engine.ledger.bookings.get(id)?.sale)).toBe(text)
    }
    expect(heir.status()).toMatchObject({ state: 'ready', queued: 0, takenOver: 0, parked: 0, sequence: 1 })
    expect(engine.ledger.suspicions).toEqual([])
  })

  test('in the same store: one code makes the blocked till another one, with the queue it has', async () => {
    const kept = new Map<string, string>()
    await leave(memoryStore(kept), ['1', '2'])
    const enrolmentCode = engine.replaceTerminal()
    const blocked = await open(memoryStore(kept))
    await expect.poll(() => blocked.status().state).toBe('blocked')
    await blocked.close()
    const order = { engineUrl: engine.url, store: memoryStore(kept), enrolmentCode, software }
    expect(await takeOver(order)).toMatchObject({ queued: 2, parked: 0 })
    const heir = await open(memoryStore(kept))
    await heir.sale(sampleDraft('3'))
    await heir.drained()
    expect(booked()).toEqual(['1', '2', '3'])
    expect(heir.status()).toMatchObject({ state: 'ready', sequence: 1, takenOver: 0 })
    expect(heir.status().terminal).not.toBe(engine.terminal)
    expect(engine.ledger.suspicions).toEqual([])
  })

  test('from a folder that is only read, and from a copy of its log', async () => {
    const [old, copy] = [folder(), join(folder(), 'copied.log')]
    await leave(fileStore(old), ['1', '2'])
    const before = readFileSync(join(old, 'till.log'))
    copyFileSync(join(old, 'till.log'), copy)
    const enrolmentCode = engine.replaceTerminal()
    const store = folder()
    const take = (from: string) =>
      takeOver({ engineUrl: engine.url, store: fileStore(store), from: leftFileStore(from), enrolmentCode, software })
    expect(await take(old)).toMatchObject({ queued: 2 })
    expect(await take(copy)).toMatchObject({ queued: 2 })
    expect(readFileSync(join(old, 'till.log')).equals(before)).toBe(true)
    const heir = await open(fileStore(store))
    await heir.drained()
    expect(booked()).toEqual(['1', '2'])
  })

  test('from an exported file, which holds no key', async () => {
    const old = new Map<string, string>()
    await leave(memoryStore(old), ['1', '2'])
    const { secret } = JSON.parse(old.get('identity') ?? '{}')
    const text = await exportTill(memoryStore(old))
    expect(secret).toMatch(/.{40}/)
    expect(text).not.toContain(secret)
    const store = memoryStore()
    const enrolmentCode = engine.replaceTerminal()
    await takeOver({ engineUrl: engine.url, store, from: exportedTill(text), enrolmentCode, software })
    await (await open(store)).drained()
    expect(booked()).toEqual(['1', '2'])
  })

  test('a replacement that sells already, and one that is itself replaced, bring all of it', async () => {
    const stores = [memoryStore(), memoryStore(), memoryStore()] as const
    await leave(stores[0], ['1'])
    await leave(stores[1], ['2'], engine.replaceTerminal())
    await takeOver({ engineUrl: engine.url, store: stores[1], from: stores[0], software })
    await leave(stores[2], ['3'], engine.replaceTerminal())
    expect(await takeOver({ engineUrl: engine.url, store: stores[2], from: stores[1], software })).toMatchObject({
      queued: 2,
    })
    const last = await open(stores[2])
    await last.drained()
    expect([booked(), last.status().parked]).toEqual([['1', '2', '3'], 0])
    expect(engine.ledger.suspicions).toEqual([])
  })

  test('another key of the same terminal takes the queue of the first', async () => {
    const store = memoryStore()
    await leave(store, ['1', '2'])
    const enrolmentCode = engine.renewKey()
    const { terminal } = await takeOver({ engineUrl: engine.url, store, enrolmentCode, software })
    expect(terminal).toBe(engine.terminal)
    const till = await open(store)
    await till.sale(sampleDraft('3'))
    await till.drained()
    const keys = [...engine.ledger.bookings.values()].map(({ sale }) => sale.signature.keyId)
    expect([booked(), new Set(keys).size]).toEqual([['1', '2', '3'], 2])
    expect(engine.ledger.suspicions).toEqual([])
  })
})

describe('what the engine does not take of a left queue', () => {
  test('is parked with its reason, and keeps the replacement from nothing', async () => {
    const old = memoryStore()
    await leave(old, ['1', '2', '3'])
    const enrolmentCode = engine.replaceTerminal(2)
    const store = memoryStore()
    await takeOver({ engineUrl: engine.url, store, from: old, enrolmentCode, software })
    const heir = await open(store)
    await heir.sale(sampleDraft('4'))
    await heir.drained()
    expect(booked()).toEqual(['1', '4'])
    expect(parked.map(({ sequence, code }) => [sequence, code])).toEqual([
      [2, 'terminal_revoked'],
      [3, 'terminal_revoked'],
    ])
    expect(heir.status()).toMatchObject({ state: 'ready', queued: 0, parked: 2 })
  })

  test('and what the old till had put aside, may be sent again from its replacement', async () => {
    const kept = new Map<string, string>()
    engine.script({ kind: 'refusal', code: 'document_taken' })
    const first = await open(memoryStore(kept), { enrolmentCode: engine.enrolmentCode })
    await first.sale(sampleDraft('1'))
    await first.close()
    const store = memoryStore()
    const enrolmentCode = engine.replaceTerminal()
    const order = { engineUrl: engine.url, store, from: memoryStore(kept), enrolmentCode, software }
    expect(await takeOver(order)).toMatchObject({ queued: 0, parked: 1 })
    const heir = await open(store)
    await heir.sale(sampleDraft('2'), { answerWithinMs: 0 })
    const [one] = heir.parked()
    expect(await heir.resend(one?.id as ParkedSale['id'])).toBe(true)
    await heir.drained()
    expect([booked(), heir.status().parked]).toEqual([['1', '2'], 0])
  })
})

describe('a take-over that is killed', () => {
  class Killed extends Error {}

  /** Dies at the n-th step of writing and sending; each step twice, before and after it. */
  const mortal = (kept: Map<string, string>, dieAt: number) => {
    const count = { steps: 0 }
    const reach = (): void => {
      count.steps += 1
      if (count.steps === dieAt) throw new Killed()
    }
    const bare = memoryStore(kept)
    const store: Store = {
      ...bare,
      write: async (changes) => {
        reach()
        await bare.write(changes)
        reach()
      },
    }
    const mortalFetch: typeof fetch = async (input, init) => {
      reach()
      const response = await fetch(input, init)
      reach()
      return response
    }
    return { store, fetch: mortalFetch, count }
  }

  test.each(['beside', 'within'] as const)('at any step, %s one store, loses and doubles nothing', async (way) => {
    for (let dieAt = 1, isOver = false; !isOver; dieAt += 1) {
      const own = await startFakeEngine()
      engine = own
      const [old, next] = [new Map<string, string>(), new Map<string, string>()]
      await leave(memoryStore(old), ['1', '2'])
      const enrolmentCode = own.replaceTerminal()
      const kept = way === 'beside' ? next : old
      const order = {
        engineUrl: own.url,
        enrolmentCode,
        software,
        ...(way === 'beside' ? { from: memoryStore(old) } : {}),
      }
      const { count, ...dying } = mortal(kept, dieAt)
      const first = await takeOver({ ...order, ...dying }).catch((error: unknown) => error)
      isOver = count.steps < dieAt
      expect(first instanceof Killed || first instanceof EnrolmentError).toBe(!isOver)
      // A host that knows nothing of it starts in between, as after a power cut.
      const between = await open(memoryStore(kept), { enrolmentCode })
      await between.close()
      const told = await takeOver({ ...order, store: memoryStore(kept) })
      expect(told.terminal).not.toBe(own.terminal)
      const heir = await open(memoryStore(kept))
      await heir.sale(sampleDraft('3'))
      await heir.drained()
      expect([dieAt, booked()]).toEqual([dieAt, ['1', '2', '3']])
      expect([own.ledger.points(card), own.ledger.suspicions, heir.status().parked]).toEqual([36, [], 0])
      await heir.close()
      await own.close()
      if (isOver) expect(dieAt).toBeGreaterThan(6)
    }
  })
})

describe('an old store that is none', () => {
  const attempt = (from: Store, store: Store = memoryStore()): Promise<string> =>
    reasonOf(takeOver({ engineUrl: engine.url, store, from, enrolmentCode: engine.enrolmentCode, software }))

  test('gives one clear error: nothing there, no till, damaged, cut, still open, or of another installation', async () => {
    expect(await attempt(leftFileStore(join(folder(), 'gone')))).toBe('unreadable')
    expect(await attempt(leftFileStore(folder()))).toBe('unreadable')
    expect(await attempt(memoryStore())).toBe('empty')
    expect(await attempt(memoryStore(new Map([['sale/1', '{"id":"x"}']])))).toBe('unreadable')

    const left = folder()
    await leave(fileStore(left), ['1', '2', '3'])
    const log = join(left, 'till.log')
    const whole = readFileSync(log)
    const damaged = Buffer.from(whole)
    damaged[whole.indexOf('sale/') + 200] = 0
    for (const [name, bytes] of [
      ['damaged', damaged],
      ['cut', whole.subarray(0, whole.lastIndexOf('sale/'))],
      ['text', Buffer.from('no log')],
      ['empty', Buffer.alloc(0)],
    ] as const) {
      const file = join(folder(), name)
      writeFileSync(file, bytes)
      expect([name, await attempt(leftFileStore(file))]).toEqual([name, 'unreadable'])
    }
    const stillOpen = fileStore(left)
    expect(await attempt(leftFileStore(left))).toBe('unreadable')
    await stillOpen.close()

    const text = await exportTill(fileStore(left))
    expect(await attempt(exportedTill(text.replace('"payableMinor', '"payableMinoR')))).toBe('unreadable')
    expect(await attempt(exportedTill(text.slice(0, -9)))).toBe('unreadable')
    expect(await attempt(exportedTill('{}'))).toBe('unreadable')

    expect(await attempt(leftFileStore(left), fileStore(left))).toBe('unreadable')
    const copy = join(folder(), 'copy.log')
    copyFileSync(log, copy)
    expect(await attempt(leftFileStore(copy), fileStore(left))).toBe('same')
    const elsewhere = await startFakeEngine()
    const { url: engineUrl, enrolmentCode } = elsewhere
    const order = { engineUrl, store: memoryStore(), from: leftFileStore(left), enrolmentCode, software }
    expect(await reasonOf(takeOver(order))).toBe('foreign')
    await elsewhere.close()
    expect(booked()).toEqual([])
  })

  test('a code that the engine does not take leaves the old till as it was', async () => {
    const kept = new Map<string, string>()
    await leave(memoryStore(kept), ['1'])
    const order = { engineUrl: engine.url, store: memoryStore(kept), software }
    expect(await reasonOf(takeOver({ ...order, enrolmentCode: 'WRONG' }))).toBe('enrolment_code_invalid')
    expect(await reasonOf(takeOver(order))).toBe('terminal_unknown')
    const till = await open(memoryStore(kept))
    await till.drained()
    expect([booked(), till.status().state]).toEqual([['1'], 'ready'])
  })

  test('a log that was repaired after a torn write can be taken over', async () => {
    const left = folder()
    await leave(fileStore(left), ['1'])
    const log = join(left, 'till.log')
    const end = readFileSync(log).findLastIndex((byte) => byte !== 0) + 1
    truncateSync(log, end)
    writeFileSync(log, Buffer.concat([readFileSync(log), Buffer.from('torn')]))
    await fileStore(left).close()
    const enrolmentCode = engine.replaceTerminal()
    const order = { engineUrl: engine.url, store: memoryStore(), enrolmentCode, software }
    expect(await takeOver({ ...order, from: leftFileStore(left) })).toMatchObject({ queued: 1 })
  })
})
