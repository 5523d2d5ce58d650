import { Counter, Histogram, type Registry } from 'prom-client'
import type { Settled } from './item.ts'

/** What the batcher tells of itself. */
export interface BatcherMetrics {
  batchSize(items: number): void
  phase(phase: 'load' | 'judge' | 'write', elapsedMs: number): void
  settled(settled: Settled): void
  fault(): void
  defect(): void
}

export const batcherMetrics = (registry: Registry): BatcherMetrics => {
  const registers = [registry]
  const size = new Histogram({
    name: 'premia_batch_items',
    help: 'Items of a batch',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers,
  })
  const phases = new Histogram({
    name: 'premia_batch_phase_ms',
    help: 'Milliseconds of each phase of a batch',
    labelNames: ['phase'],
    buckets: [0.5, 1, 2, 5, 10, 20, 50, 100, 250, 1000],
    registers,
  })
  const outcomes = new Counter({
    name: 'premia_items_total',
    help: 'Settled items by status or code',
    labelNames: ['outcome'],
    registers,
  })
  const faults = new Counter({ name: 'premia_batch_faults_total', help: 'Batches to be done again', registers })
  const defects = new Counter({ name: 'premia_defects_total', help: 'Alarms: we were wrong', registers })
  return {
    batchSize: (items) => size.observe(items),
    phase: (phase, elapsedMs) => phases.observe({ phase }, elapsedMs),
    settled: (settled) => {
      const outcome =
        settled.kind === 'refused' ? settled.code : settled.duplicate ? 'duplicate' : settled.result.status
      outcomes.inc({ outcome })
    },
    fault: () => faults.inc(),
    defect: () => defects.inc(),
  }
}
