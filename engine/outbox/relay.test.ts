import { describe, expect, it, vi } from 'vitest'
import { Relay } from './relay.ts'

describe('the relay', () => {
  it('rings at most once a program in 200 ms, and once more for what came meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const rung: number[] = []
      const ring = async (programId: number): Promise<void> => void rung.push(programId)
      const relay = new Relay({ ring, onError: () => undefined })
      for (let batch = 0; batch < 100; batch += 1) relay.booked(1)
      relay.booked(2)
      await vi.advanceTimersByTimeAsync(1)
      expect(rung).toEqual([1, 2])
      for (let batch = 0; batch < 100; batch += 1) relay.booked(1)
      await vi.advanceTimersByTimeAsync(150)
      expect(rung).toEqual([1, 2])
      await vi.advanceTimersByTimeAsync(100)
      expect(rung).toEqual([1, 2, 1])
    } finally {
      vi.useRealTimers()
    }
  })

  it('rings what still waits when it closes, and survives a queue that is away', async () => {
    const errors: unknown[] = []
    const ring = (): Promise<void> => Promise.reject(new Error('away'))
    const relay = new Relay({ ring, onError: (error) => errors.push(error) })
    relay.booked(1)
    relay.booked(2)
    await relay.close()
    expect(errors).toHaveLength(2)
  })
})
