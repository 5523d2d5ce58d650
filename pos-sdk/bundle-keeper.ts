/** Keeps the newest bundle the engine has signed for this terminal, and estimates with it. */
import type { BundleDocument, HelloAnswer, QuoteRequest, SignedBundle, Uuid } from './contract/till/index.ts'
import { bundleHash } from './contract/till/bundle.ts'
import { tillPaths } from './contract/till/paths.ts'
import { isSigned } from './crypto.ts'
import type { Estimate, Estimator } from './estimate.ts'
import type { Journal } from './journal.ts'
import type { Send } from './transport.ts'

interface KeeperOptions {
  readonly journal: Journal
  readonly send: Send
  readonly terminal: Uuid
  /** From the store: it was verified before it was kept. */
  readonly kept: SignedBundle | undefined
}

/** The rules come with the first bundle: a till without one does not load them. */
const openBundle = async (text: string): Promise<Estimator> => {
  const { createEstimator } = await import('./estimate.ts')
  return createEstimator(text)
}

export class BundleKeeper {
  readonly #options: KeeperOptions
  #estimator: Estimator | undefined
  #refreshing: Promise<void> | undefined

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** Opens the kept bundle. One that cannot be opened is fetched anew. */
  async open(): Promise<void> {
    const { kept } = this.#options
    if (kept !== undefined) this.#estimator = await openBundle(kept.text).catch(() => undefined)
  }

  get current(): { readonly hash: string; readonly validUntil: string } | undefined {
    const { bundle, validUntil } = this.#estimator ?? {}
    return bundle === undefined || validUntil === undefined ? undefined : { hash: bundle, validUntil }
  }

  /** The provisional answer; `null` without a valid bundle, and for returns, which the till cannot judge. */
  estimate(sale: QuoteRequest, mode: 'judge' | 'price', nowMs: number): Estimate | null {
    try {
      return sale.kind === 'return' ? null : (this.#estimator?.estimate(sale, mode, nowMs) ?? null)
    } catch {
      // A defect of a bundle must never stop a sale: the engine judges it all the same.
      return null
    }
  }

  /** Fetches the bundle of this hash in the background when it is another than ours. */
  refresh(hash: string | undefined, engineKeys: HelloAnswer['engineKeys']): void {
    if (hash === undefined || hash === this.#estimator?.bundle) return
    this.#refreshing ??= this.#fetch(engineKeys)
      // A bundle that could not be fetched or kept is fetched after the next hello.
      .catch(() => undefined)
      .finally(() => {
        this.#refreshing = undefined
      })
  }

  /** Resolves when no refresh is under way. */
  async settled(): Promise<void> {
    await this.#refreshing
  }

  async #fetch(engineKeys: HelloAnswer['engineKeys']): Promise<void> {
    const { journal, send, terminal } = this.#options
    const { method, path } = tillPaths.bundle
    const answer = await send<SignedBundle>({ method, path })
    if (answer.kind !== 'answered') return
    const { text, keyId, value } = answer.value
    const key = engineKeys.find((each) => each.keyId === keyId)
    if (key === undefined || !(await isSigned(key.publicKey, text, value))) return
    if ((JSON.parse(text) as BundleDocument).terminal !== terminal) return
    if (bundleHash(text) === this.#estimator?.bundle) return
    // Opened before it is kept: a bundle that does not compile must not stop the next start.
    const estimator = await openBundle(text)
    await journal.saveBundle(answer.value)
    this.#estimator = estimator
  }
}
