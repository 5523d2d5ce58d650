// The console's door to the engine, in one place for both.
export * from '../ids.ts'
export * from './acting.ts'
export * from './commands.ts'
