import { hash, verify } from '@node-rs/argon2'
import { Problem } from '../kit/server/problem.ts'

// OWASP's argon2id setting of 19 MiB, two rounds. Four at once and no more than 40 waiting: a flood of logins must not
// take the memory of the machine.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const runningMax = 4
const waitingMax = 40

let running = 0
const waiting: (() => void)[] = []

const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (running >= runningMax) {
    if (waiting.length >= waitingMax) {
      throw new Problem('rate_limited', 'Too many people are logging in at this moment', { retryAfterS: 5 })
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, parameters))

/** Takes as long for an unknown login as for a known one: pass `undefined` as its hash. */
export const checkPassword = async (stored: string | undefined, password: string): Promise<boolean> =>
  await inTurn(async () => {
    const fits = await verify(stored ?? (await nobody()), password)
    return stored !== undefined && fits
  })

let ofNobody: Promise<string> | undefined
const nobody = (): Promise<string> => {
  ofNobody ??= hash('nobody has this password', parameters)
  return ofNobody
}
