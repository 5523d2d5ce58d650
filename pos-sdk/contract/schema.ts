/**
 * A small builder of JSON Schema 2020-12 whose values carry their TypeScript type: `Static<typeof saleSchema>`.
 * One schema so checks bodies in the engine (ajv with `discriminator: true`), in the SDK (`check.ts`) and the types.
 */

/** The keywords we use, and no others. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'null'
  readonly const?: string | number
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: false | JsonSchema
  readonly propertyNames?: JsonSchema
  readonly maxProperties?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly oneOf?: readonly JsonSchema[]
  readonly discriminator?: { readonly propertyName: string }
  readonly description?: string
}

declare const typed: unique symbol
declare const optionality: unique symbol
/** A schema of values of type `T`. */
export type Schema<T> = JsonSchema & { readonly [typed]?: T }
type Optional<T> = Schema<T> & { readonly [optionality]: true }
/** The TypeScript type of a schema. */
export type Static<S> = S extends { readonly [typed]?: infer T } ? T : never

type Properties = Readonly<Record<string, JsonSchema>>
type OptionalKey<P> = { [K in keyof P]: P[K] extends { readonly [optionality]: true } ? K : never }[keyof P]
type Flat<T> = { readonly [K in keyof T]: T[K] }
type ObjectOf<P> = Flat<
  { readonly [K in Exclude<keyof P, OptionalKey<P>>]: Static<P[K]> } & {
    readonly [K in OptionalKey<P>]?: Exclude<Static<P[K]>, undefined>
  }
>

const optionalSchemas = new WeakSet<object>()

/** Marks a property that may be absent (never null). */
export const optional = <T>(schema: Schema<T>): Optional<T> => {
  const copy = { ...schema }
  optionalSchemas.add(copy)
  return copy as Optional<T>
}

/** An object with exactly these properties. */
export const object = <P extends Properties>(properties: P): Schema<ObjectOf<P>> => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optionalSchemas.has(properties[key] as object)),
  additionalProperties: false,
})

export const array = <T>(items: Schema<T>, maxItems: number): Schema<readonly T[]> => ({
  type: 'array',
  items,
  maxItems,
})

/** A map from keys of one shape to values of another. */
export const mapOf = <K extends string, T>(
  keys: Schema<K>,
  values: Schema<T>,
  maxProperties: number,
): Schema<Readonly<Record<K, T>>> => ({
  type: 'object',
  propertyNames: keys,
  additionalProperties: values,
  maxProperties,
})

export const oneOf = <const T extends string>(...values: readonly T[]): Schema<T> => ({ type: 'string', enum: values })
export const literal = <const T extends string | number>(value: T): Schema<T> => ({
  type: typeof value === 'number' ? 'integer' : 'string',
  const: value,
})
export const integer = <T extends number = number>(minimum: number, maximum: number): Schema<T> => ({
  type: 'integer',
  minimum,
  maximum,
})
export const boolean: Schema<boolean> = { type: 'boolean' }

/** A value or null. Only answers use null; what a till sends leaves absent things out. */
export const nullable = <T>(schema: Schema<T>): Schema<T | null> => ({ oneOf: [schema, { type: 'null' }] })

/** Text without control characters and lone surrogates, which no database stores. Lengths count code points. */
export const text = (maxLength: number, minLength = 1): Schema<string> => ({
  type: 'string',
  minLength,
  maxLength,
  pattern: '^[^\\p{Cc}\\p{Cs}]*$',
})
export const matching = <T extends string = string>(pattern: string, maxLength: number): Schema<T> => ({
  type: 'string',
  pattern,
  maxLength,
})

/** A choice of objects told apart by the literal in one property. */
export const choice = <S extends readonly JsonSchema[]>(
  propertyName: string,
  ...options: S
): Schema<Static<S[number]>> => ({
  type: 'object',
  discriminator: { propertyName },
  oneOf: options,
})
