import type { Problem } from './problem.ts'

const BUSY_AFTER_MS = 1_000

/** Questions wait for one pool of connections, which hellos need as well: beyond so many at once they are turned away. */
export class QuestionLimit {
  readonly #max: number
  #open = 0

  constructor(max: number) {
    this.#max = max
  }

  /** The answer, or `undefined` where too many are open already. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#open >= this.#max) return undefined
    this.#open += 1
    try {
      return await work()
    } finally {
      this.#open -= 1
    }
  }
}

export const tooManyQuestions: Problem = {
  code: 'engine_busy',
  detail: 'Too many questions are open',
  retryAfterMs: BUSY_AFTER_MS,
}
