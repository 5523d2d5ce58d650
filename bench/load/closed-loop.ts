import { type Answer, Connection } from './connection.ts'

/** What one connection sends, in order. */
export type Lane = readonly Buffer[]

export interface Driven {
  /** Milliseconds of each request, from its first byte to the last byte of its answer. */
  readonly latencyMs: number[]
  readonly seconds: number
}

interface Target {
  readonly host: string
  readonly port: number
}

/** Sends each lane over a connection of its own, the next request when the one before is answered. */
export const drive = async (
  { host, port }: Target,
  lanes: readonly Lane[],
  onAnswer: (answer: Answer, lane: number) => void,
): Promise<Driven> => {
  const connections = await Promise.all(lanes.map(() => Connection.open(host, port)))
  const latencyMs: number[] = []
  const startedMs = performance.now()
  try {
    await Promise.all(
      connections.map(async (connection, lane) => {
        for (const request of lanes[lane] ?? []) {
          const sentMs = performance.now()
          const answer = await connection.ask(request)
          latencyMs.push(performance.now() - sentMs)
          onAnswer(answer, lane)
        }
      }),
    )
    return { latencyMs, seconds: (performance.now() - startedMs) / 1000 }
  } finally {
    for (const connection of connections) connection.close()
  }
}
