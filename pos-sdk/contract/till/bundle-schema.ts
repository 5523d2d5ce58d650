import { literal, object, type Schema } from '../schema.ts'
import { bundleBytesMax } from './bundle.ts'
import { bytesText, keyIdText } from './fields.ts'

/** A bundle as it travels. Type: `SignedBundle`. */
export const signedBundleSchema = object({
  text: { type: 'string', minLength: 2, maxLength: bundleBytesMax } as Schema<string>,
  keyId: keyIdText,
  value: bytesText(86),
  schema: literal(1),
})
