declare const brand: unique symbol
/** A value of `T` that only its own constructor makes, so that units cannot be mixed. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
