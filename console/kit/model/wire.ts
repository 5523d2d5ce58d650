/** What a list answers. Cells describe themselves, so that a table needs nothing but the row. */
export interface MoneyCell {
  readonly amountMinor: number
  readonly currency: string
}
export interface PointsCell {
  readonly points: number
  readonly scale: number
}
export interface RefCell {
  readonly id: string
  readonly label: string
}
export type Cell = string | number | boolean | null | MoneyCell | PointsCell | RefCell | readonly RefCell[]

export interface ListRow {
  readonly id: string
  /** Public id of the program the row belongs to; absent where it belongs to none. */
  readonly program?: string
  readonly version?: number
  readonly cells: Readonly<Record<string, Cell>>
}
/** At most so many rows a page; the table asks for the next one. */
export const pageRowsMax = 200
/** Counts are exact up to here and estimates above. */
export const countExactMax = 10_000
/** Rows a filter without an index may look through. */
export const scanRowsMax = 50_000
/** "3 newer": nobody counts further. */
export const newerMax = 100

export interface ListAnswer {
  readonly rows: readonly ListRow[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
  /** Where this page begins: newer rows stand before it. */
  readonly first: string | null
  /** Set where a filter without an index was kept to the latest days. */
  readonly boundedFrom?: string
}
export interface CountAnswer {
  readonly count: number
  readonly exact: boolean
}
export interface NewerAnswer {
  readonly count: number
}

/** A filter and an order that somebody gave a name, for themselves. */
export interface SavedView {
  readonly id: string
  readonly name: string
  /** As it stands in the address; empty: all rows. */
  readonly filter: string
  readonly sort: string
}
/** Of one person in one section. */
export const savedViewsMax = 30
export const viewNameMax = 60

/** One event of a record's history, newest first on screen. Words come from the section's texts. */
export interface TimelineEvent {
  readonly at: string
  readonly id: string
  readonly kind: string
  readonly actor?: string
  readonly reason?: string
  readonly values?: Readonly<Record<string, Cell>>
}

/** A record found by the palette. */
export interface Found {
  readonly section: string
  readonly id: string
  readonly title: string
  readonly detail?: string
  /** When it was, for the reader's language and zone to say. */
  readonly at?: string
  /** It has no page yet: its list says what is known of it. */
  readonly waits?: true
}

export interface MenuEntry {
  readonly section: string
  readonly group: string
  readonly icon: string
  readonly title: string
}
export interface ProgramInfo {
  readonly id: string
  readonly organizer: string
  readonly name: string
  readonly currency: string
  readonly zone: string
  readonly pointScale: number
  readonly tiers: Readonly<Record<string, string>>
}
export interface OrganizerInfo {
  readonly id: string
  readonly name: string
  readonly mark: string
  readonly colour: string
  readonly country: string
}
export interface MeAnswer {
  readonly user: { readonly name: string; readonly login: string; readonly role: Role; readonly language: Language }
  readonly csrf: string
  readonly menu: readonly MenuEntry[]
  readonly organizers: readonly OrganizerInfo[]
  readonly programs: readonly ProgramInfo[]
  readonly rights: readonly string[]
  /** The one outlet of an outlet's user. */
  readonly outlet?: { readonly id: string; readonly name: string }
  readonly demo: boolean
}
/** While the demo is being made the console says how far it is. */
export interface DemoProgress {
  readonly state: 'running' | 'complete' | 'failed'
  readonly done: number
  readonly total: number
}
export type Role = 'operator' | 'organizer' | 'analyst' | 'outlet'
export type Language = 'pl' | 'en' | 'ro'
export const languages: readonly Language[] = ['pl', 'en', 'ro']
