import { Relay } from '../outbox/relay.ts'
import { openQueue, type QueueOptions } from './queue.ts'
import { ringProgram } from './sweep.ts'

export interface Doorbell {
  /** A batch of the program is durable. Returns at once and never throws. */
  booked(programId: number): void
  close(): Promise<void>
}

/** How the engine's process tells the jobs that there is work. A queue that is away costs freshness, never a sale. */
export const openDoorbell = (options: QueueOptions): Doorbell => {
  const queue = openQueue(options)
  const relay = new Relay({ ring: (programId) => ringProgram(queue, programId), onError: options.onError })
  return {
    booked: (programId) => relay.booked(programId),
    close: async () => {
      await relay.close()
      await queue.close()
    },
  }
}
