/** What can go wrong between a till and the engine, as a script: one fault for each request, in order. */

export type Fault =
  /** All is well. */
  | { readonly kind: 'none' }
  /** The request is lost: the connection ends before anything is booked. */
  | { readonly kind: 'lost' }
  /** Booked, but the answer never comes. */
  | { readonly kind: 'silence' }
  /** Booked, and the connection ends in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** Not booked: a defect. */
  | { readonly kind: 'status500' }
  /** Booked, and then a status of 500. */
  | { readonly kind: 'bookedThen500' }
  /** Not booked: busy, with `Retry-After`. */
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  /** A proxy answers in HTML. */
  | { readonly kind: 'proxy' }
  /** 200, but not what was asked for. */
  | { readonly kind: 'garbage' }
  /** One program of each sale answers `later`, the others book. */
  | { readonly kind: 'later'; readonly retryAfterMs: number }
  /** The session has ended. */
  | { readonly kind: 'sessionExpired' }
  /** A refusal of the whole request with this code. */
  | { readonly kind: 'refusal'; readonly code: string }

/** Faults by which nothing may be lost or doubled, for random scripts. */
export const harmless: readonly Fault[] = [
  { kind: 'none' },
  { kind: 'lost' },
  { kind: 'cut' },
  { kind: 'status500' },
  { kind: 'bookedThen500' },
  { kind: 'busy', retryAfterSeconds: 0 },
  { kind: 'proxy' },
  { kind: 'garbage' },
  { kind: 'later', retryAfterMs: 0 },
  { kind: 'sessionExpired' },
]
