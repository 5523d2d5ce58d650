import { bigint, integer, pgSchema, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core'

// The views of the schema `read` that sections bind their fields to. Nothing else in the console names a table of the
// engine. Instants stay text, so that a cursor keeps every digit.
const read = pgSchema('read')
const id = (name: string) => bigint(name, { mode: 'number' }).notNull()
const amount = (name: string) => bigint(name, { mode: 'number' }).notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const programView = read
  .view('program', {
    programId: id('program_id'),
    publicId: uuid('public_id').notNull(),
    operatorId: uuid('operator_id').notNull(),
    organizerId: uuid('organizer_id').notNull(),
    name: text('name').notNull(),
    currency: text('currency').notNull(),
    zone: text('zone').notNull(),
    state: text('state').notNull(),
    stateReason: text('state_reason'),
    startsAt: at('starts_at').notNull(),
    endsAt: at('ends_at'),
    version: integer('version').notNull(),
  })
  .existing()

export const memberView = read
  .view('member', {
    programId: id('program_id'),
    memberId: uuid('member_id').notNull(),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    tier: text('tier'),
    personId: uuid('person_id'),
    visits: integer('visits').notNull(),
    lastSaleAt: at('last_sale_at'),
    joinedAt: at('joined_at').notNull(),
    joinedOutletId: uuid('joined_outlet_id'),
    version: integer('version').notNull(),
  })
  .existing()

/** Tills at their outlets; they belong to an operator. */
export const tillView = read
  .view('till', {
    terminalId: uuid('terminal_id').notNull(),
    name: text('name').notNull(),
    state: text('state').notNull(),
    stateReason: text('state_reason'),
    software: text('software'),
    queueLength: integer('queue_length'),
    queueParked: integer('queue_parked'),
    queueOldestAt: at('queue_oldest_at'),
    lastContactAt: at('last_contact_at'),
    version: integer('version').notNull(),
    createdAt: at('created_at').notNull(),
    outletId: uuid('outlet_id').notNull(),
    fromAt: at('from_at').notNull(),
    replacesId: uuid('replaces_id'),
    replacedById: uuid('replaced_by_id'),
    codeUntilAt: at('code_until_at'),
    refusalCode: text('refusal_code'),
    refusedAt: at('refused_at'),
  })
  .existing()

/** What of a sale stands both where it was booked and in the register. */
const saleColumns = () => ({
  programId: id('program_id'),
  bookedAt: at('booked_at').notNull(),
  documentId: uuid('document_id').notNull(),
  kind: text('kind').notNull(),
  occurredAt: at('occurred_at').notNull(),
  receivedAt: at('received_at').notNull(),
  outletId: uuid('outlet_id').notNull(),
  terminalId: uuid('terminal_id').notNull(),
  staffId: uuid('staff_id'),
  memberId: uuid('member_id'),
  documentNumber: text('document_number').notNull(),
  grossMinor: amount('gross_minor'),
  reductionMinor: amount('reduction_minor'),
  reimbursedMinor: amount('reimbursed_minor'),
  payableMinor: amount('payable_minor'),
  points: amount('points'),
  notices: smallint('notices').notNull(),
})

/** Narrow, with the indexes that lists need; filed after the sale was booked. */
export const saleRegister = read
  .view('sale_register', { ...saleColumns(), spent: amount('spent'), numberFolded: text('number_folded').notNull() })
  .existing()

/** As booked: what a record is opened from. */
export const saleView = read.view('sale', saleColumns()).existing()
