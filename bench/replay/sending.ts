/**
 * Sends sales and returns through the tills, each country's in the order of their time. A till takes a sale when it is durable on
 * its disk and sends it by itself; at most `windowMax` sales of a till wait for their final result, so that the measured
 * time to it says something about the engine and not about the length of a queue.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { ParkedSale, SaleDraft, Terminal } from '@premia/pos-sdk'
import type { SaleResult, Uuid } from '@premia/pos-sdk/contract/till'

const windowMax = 200
/** So long an engine may be silent before the run ends; what is queued stays, and the next run goes on. */
const silenceMaxMs = 60_000
const lookMs = 250

export interface Counts {
  recorded: number
  duplicate: number
  parked: number
  /** Refused by the till before it was queued. */
  refused: number
  /** Of customers: earned by sales, and taken back by returns. */
  points: number
  clawedBack: number
  /** Returns that wait for their sale in some program. */
  waiting: number
}

export interface Refusal {
  readonly invoice: string
  readonly code: string
  readonly detail: string
}

export interface Measured {
  /** From the call to the sale being durable on the till's disk. */
  readonly durableMs: number[]
  /** From the call to the final result of every program. */
  readonly settledMs: number[]
}

export class Sending {
  readonly counts: Counts = { recorded: 0, duplicate: 0, parked: 0, refused: 0, points: 0, clawedBack: 0, waiting: 0 }
  readonly measured: Measured = { durableMs: [], settledMs: [] }
  readonly refusals: Refusal[] = []
  /** Notices of the bookings, by code. */
  readonly notices = new Map<string, number>()
  readonly #open = new Map<Uuid, { readonly invoice: string; readonly sinceMs: number; readonly done: () => void }>()
  #stopped = false

  get done(): number {
    const { recorded, duplicate, parked, refused } = this.counts
    return recorded + duplicate + parked + refused
  }

  stop(): void {
    this.#stopped = true
  }

  readonly onSettled = (result: SaleResult): void => {
    if (result.status !== 'recorded' && result.status !== 'duplicate') return
    if (!this.#close(result.sale)) return
    this.counts[result.status] += 1
    for (const program of result.programs) {
      if (program.status === 'later') continue
      for (const { code } of program.notices) this.notices.set(code, (this.notices.get(code) ?? 0) + 1)
      if (program.status === 'outside') continue
      if (program.status === 'waiting') this.counts.waiting += 1
      for (const { to, earned, clawedBack } of program.points) {
        if (to !== 'customer') continue
        this.counts.points += earned
        this.counts.clawedBack += clawedBack
      }
    }
  }

  readonly onParked = ({ id, code, detail }: ParkedSale): void => {
    const invoice = this.#open.get(id)?.invoice ?? id
    this.#close(id)
    this.counts.parked += 1
    this.refusals.push({ invoice, code, detail })
  }

  /** Sends the drafts of one till. Resolves when all are settled or parked, or the run is stopped. */
  async through(till: Terminal, drafts: Iterable<SaleDraft>): Promise<void> {
    const mine = new Set<Promise<void>>()
    for (const draft of drafts) {
      while (mine.size >= windowMax && !this.#stopped) await Promise.race([...mine, this.#look(till)])
      if (this.#stopped) return
      const given = await this.#give(till, draft)
      if (given === undefined) continue
      const settled = given.settled.then(() => {
        mine.delete(settled)
      })
      mine.add(settled)
    }
    while (mine.size > 0 && !this.#stopped) await Promise.race([Promise.all(mine), this.#look(till)])
  }

  async #give(till: Terminal, draft: SaleDraft): Promise<{ readonly settled: Promise<void> } | undefined> {
    const { id } = draft
    if (id === undefined) throw new TypeError('a replayed sale has an id')
    const invoice = draft.document.number
    const sinceMs = performance.now()
    const settled = new Promise<void>((done) => this.#open.set(id, { invoice, sinceMs, done }))
    const answer = await till.sale(draft, { answerWithinMs: 0 })
    this.measured.durableMs.push(performance.now() - sinceMs)
    // In an object, because a promise of a promise would wait for both.
    if (answer.status !== 'rejected') return { settled }
    this.#open.delete(id)
    this.counts.refused += 1
    this.refusals.push({ invoice, code: answer.problem.code, detail: answer.problem.detail })
    return undefined
  }

  #close(id: Uuid): boolean {
    const open = this.#open.get(id)
    if (open === undefined) return false
    this.#open.delete(id)
    this.measured.settledMs.push(performance.now() - open.sinceMs)
    open.done()
    return true
  }

  /** Ends the run when a person must act or the engine has been silent for too long. */
  async #look(till: Terminal): Promise<void> {
    await delay(lookMs)
    const { state, trouble } = till.status()
    if (trouble === undefined || state === 'ready') return
    const silentMs = Date.now() - trouble.sinceMs
    if (state === 'away' && silentMs < silenceMaxMs) return
    this.#stopped = true
    throw new Error(`the engine does not take sales (${trouble.code}): ${trouble.detail}; run the same again to go on`)
  }
}
