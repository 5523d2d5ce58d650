import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Relay } from './relay.ts'

describe('the relay', () => {
  const rung: [number, number][] = []
  let relay: Relay
  let startMs = 0

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    startMs = performance.now()
    rung.length = 0
    const ring = async (programId: number): Promise<void> => {
      rung.push([programId, Math.round(performance.now() - startMs)])
    }
    relay = new Relay({ ring, onError: () => undefined })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('rings each program at once, and in half a second for all that came meanwhile', async () => {
    for (let batch = 0; batch < 100; batch += 1) relay.booked(1)
    relay.booked(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(rung).toEqual([
      [1, 0],
      [2, 0],
    ])
    for (let batch = 0; batch < 100; batch += 1) relay.booked(1)
    await vi.advanceTimersByTimeAsync(498)
    expect(rung).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2)
    expect(rung.slice(2)).toEqual([[1, 500]])
  })

  it('rings less and less often while batches keep coming, never later than four seconds, and at once after a pause', async () => {
    for (let ms = 0; ms < 20_000; ms += 10) {
      relay.booked(1)
      await vi.advanceTimersByTimeAsync(10)
    }
    const times = rung.map(([, atMs]) => atMs)
    expect(times.slice(0, 4)).toEqual([0, 500, 1_500, 3_500])
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] as number))
    expect(gaps.slice(3).every((gap) => gap >= 4_000 && gap <= 4_010)).toBe(true)
    await vi.advanceTimersByTimeAsync(10_000)
    relay.booked(1)
    await vi.advanceTimersByTimeAsync(1)
    relay.booked(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(rung.slice(-2).map(([, atMs]) => atMs)).toEqual([30_000, 30_500])
  })

  it('rings what still waits when it closes, and survives a queue that is away', async () => {
    const errors: unknown[] = []
    const ring = (): Promise<void> => Promise.reject(new Error('away'))
    const away = new Relay({ ring, onError: (error) => errors.push(error) })
    away.booked(1)
    away.booked(2)
    await away.close()
    expect(errors).toHaveLength(2)
  })
})
