/** For tests of tills: an engine with scripted faults, sales to send, and the conformance kit. Node only. */
export {
  type Finding,
  type GoodsBack,
  runConformance,
  type Scenario,
  scenarios,
  type TillUnderTest,
} from './conformance.ts'
export { type FakeEngine, type FakeEngineOptions, startFakeEngine } from './fake-engine.ts'
export type { FakeBooking, FakeLedger } from './fake-ledger.ts'
export { type Fault, harmless } from './faults.ts'
export { type FlushMeasure, type FlushTimes, measureFileStore } from './measure-file-store.ts'
export { sampleBundle, sampleBundleProgram } from './sample-bundle.ts'
export { sampleDraft, sampleLine, sampleSale, settledBy } from './sample-sale.ts'
