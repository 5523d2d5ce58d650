// The console's door to the engine, in one place for both.
export { checkSchema } from '../check.ts'
export * from '../ids.ts'
export * from './acting.ts'
export * from './client.ts'
export * from './commands.ts'
export { keptAs, keptDictionary, unpackKept } from './kept-text.ts'
export * from './program-schema.ts'
export * from './schemas.ts'
