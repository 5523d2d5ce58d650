import { expect, test } from 'vitest'
import { readAnswer } from '../load/connection.ts'
import { medianOf, percentilesOf } from '../percentiles.ts'
import { parsePgbench } from './pgbench.ts'
import { parseMachine, parseStat } from './processor.ts'

test('percentiles are values that were measured, the median of two is their middle', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentilesOf(hundred)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 })
  expect(medianOf([3, 1])).toBe(2)
  expect(medianOf([5, 1, 3])).toBe(3)
  expect(() => medianOf([])).toThrow(RangeError)
})

test('a process is read from /proc even when its name holds brackets and spaces', () => {
  const text = '4711 (a (b) c) S 12 4711 4711 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 100 1000 10'
  expect(parseStat(text)).toEqual({ pid: 4711, parent: 12, ticks: 300 })
})

test('steal is counted apart from work', () => {
  expect(parseMachine('cpu  10 1 5 80 4 1 1 8 0 0\ncpu0 1 1 1')).toEqual({ busy: 18, steal: 8, total: 110 })
})

test('a report of pgbench gives rate, latency and count; anything else is refused', () => {
  const report =
    'number of transactions actually processed: 4242\nlatency average = 3.5 ms\ntps = 1212.25 (without initial)\n'
  expect(parsePgbench(report)).toEqual({ perSecond: 1212.25, averageMs: 3.5, transactions: 4242 })
  expect(() => parsePgbench('command not found')).toThrow('something else')
})

test('an answer is read when all of it has come, and what follows is kept', () => {
  const bytes = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhelloHTTP')
  expect(readAnswer(bytes.subarray(0, 40))).toBeUndefined()
  expect(readAnswer(bytes.subarray(0, bytes.length - 6))).toBeUndefined()
  const read = readAnswer(bytes)
  expect(read?.answer.status).toBe(200)
  expect(read?.answer.body.toString()).toBe('hello')
  expect(read?.rest.toString()).toBe('HTTP')
})
