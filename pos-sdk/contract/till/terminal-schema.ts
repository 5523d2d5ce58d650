/** The bodies of enrolment and hello; `terminal.ts` tells their story. */
import { array, integer, matching, object, optional, type Schema, type Static } from '../schema.ts'
import { bytesText, codeText, count, hashText, instantText, keyIdText, nameText, uuidText } from './fields.ts'

const softwareSchema = object({ name: codeText(40), version: codeText(40) })
const signatureText = bytesText(86)
/** 32 bytes in base64url. */
const key32: Schema<string> = matching('^[A-Za-z0-9_-]{43}$', 43)

export const enrolSchema = object({
  code: codeText(40),
  publicKey: key32,
  software: softwareSchema,
  // By the new key over `enrolText`: who enrols a key also holds it.
  signature: signatureText,
})
export type EnrolRequest = Static<typeof enrolSchema>

const outletSchema = object({ id: uuidText, name: nameText, zone: codeText(60), currency: matching('^[A-Z]{3}$', 3) })
const programSchema = object({ id: uuidText, name: nameText, steersPrices: { type: 'boolean' } as Schema<boolean> })

/** What signs bundles. */
const engineKeySchema = object({ keyId: keyIdText, publicKey: key32 })

export const enrolAnswerSchema = object({
  terminal: uuidText,
  keyId: keyIdText,
  outlet: outletSchema,
  programs: array(programSchema, 20),
  engineKeys: array(engineKeySchema, 4),
  serverTime: instantText,
})
export type EnrolAnswer = Static<typeof enrolAnswerSchema>

export const helloSchema = object({
  terminal: uuidText,
  keyId: keyIdText,
  at: instantText,
  nonce: matching('^[0-9a-f]{32}$', 32),
  software: softwareSchema,
  // What the console shows of a till: how much waits here, and since when.
  queue: object({
    length: count(1_000_000),
    parked: count(1_000_000),
    oldestAt: optional(instantText),
    sequence: integer(0, Number.MAX_SAFE_INTEGER),
  }),
  signature: signatureText,
})
export type HelloRequest = Static<typeof helloSchema>

export const helloAnswerSchema = object({
  sessionKeyId: codeText(120),
  sessionKey: key32,
  expiresAt: instantText,
  serverTime: instantText,
  outlet: outletSchema,
  programs: array(programSchema, 20),
  engineKeys: array(engineKeySchema, 4),
  // Of the bundle that `GET /v1/bundle` gives now; absent while none is published.
  bundle: optional(hashText),
})
export type HelloAnswer = Static<typeof helloAnswerSchema>
