/**
 * What somebody with all rights may do to the tables, each under the check that finds it. `ONE` is any one row of the table,
 * `$m1` the id of member 1.
 */
export const damages = `
  members: account = postings
    a debt forgiven: UPDATE loyalty.account SET debt = 0 WHERE debt > 0
    a point more in a balance: UPDATE loyalty.account SET balance = balance + 1 WHERE holder_id = '$m1'
  members: account = open lots
    a balance moved to pending: UPDATE loyalty.account SET balance = balance - 1, pending = pending + 1 WHERE holder_id = '$m1'
    a debt forgiven by points of nowhere: UPDATE loyalty.account SET balance = balance + 5, debt = debt + 5 WHERE holder_id = '$m1'
    pending points made spendable: UPDATE loyalty.lot SET pending = false WHERE pending
  members: no points are held
    points held by nobody: UPDATE loyalty.account SET held = 1 WHERE holder_id = '$m1'
  members: what was ever earned = postings
    a tier bought with points never earned: UPDATE loyalty.account SET earned_total = earned_total + 1000 WHERE holder_id = '$m1'
  next change of an account is in its row
    an account that is never due: UPDATE loyalty.account SET due_at = NULL WHERE holder_id = '$m1'
  next expiry of an account is in its row
    an expiry told later than it is: UPDATE loyalty.account SET next_expiry_at = next_expiry_at + interval '1 year' WHERE holder_id = '$m1'
    other points told to expire: UPDATE loyalty.account SET next_expiry_points = 1 WHERE holder_id = '$m1'
  accounts belong to whom they were made for
    an account given to another member: UPDATE loyalty.account SET holder_id = '$m5' WHERE holder_id = '$m1'
    a staff account given to a stranger: UPDATE loyalty.account SET holder_id = gen_random_uuid() WHERE holder_kind = 'staff'
  postings have a document and an account
    an account lost: DELETE FROM loyalty.account WHERE holder_id = '$m1'
    a posting of no document: INSERT INTO loyalty.posting (program_id, booked_at, document_id, n, kind, account_id, contra, point_type, amount) SELECT 1, booked_at, gen_random_uuid(), 1, 'earn', account_id, 'issued', point_type, 1 FROM loyalty.posting LIMIT 1
    a movement without a sale lost: DELETE FROM loyalty.transfer
  others: slots = postings = open lots
    a slot with a point more: UPDATE loyalty.account_slot SET balance = balance + 1 WHERE ONE
    a slot lost: DELETE FROM loyalty.account_slot WHERE ONE
  slots belong to an account that is no member’s
    a slot of nobody: INSERT INTO loyalty.account_slot (program_id, account_id, slot, balance) VALUES (1, gen_random_uuid(), 3, 50)
  lots: what is left = credited - used
    a lot with more left than it may: UPDATE loyalty.lot SET remaining = amount, open = true WHERE remaining < amount
    a lot larger than its posting: UPDATE loyalty.lot SET amount = amount + 1, remaining = remaining + 1 WHERE open
    a use of a lot lost: DELETE FROM loyalty.lot_use WHERE ONE
    points given back that are not in their lot: DELETE FROM loyalty.lot_use WHERE amount < 0
  lots belong to the account and the document that were credited
    a lot lost: DELETE FROM loyalty.lot WHERE ONE open
    a lot moved to another member: UPDATE loyalty.lot SET account_id = (SELECT account_id FROM loyalty.account WHERE holder_id = '$m3') WHERE account_id = (SELECT account_id FROM loyalty.account WHERE holder_id = '$m1') AND NOT open
  lots have the days of their award
    a lot that lives a year longer: UPDATE loyalty.lot SET expires_at = expires_at + interval '1 year' WHERE lot_id = (SELECT lot_id FROM loyalty.lot WHERE account_id = (SELECT account_id FROM loyalty.account WHERE holder_id = '$m1') AND open ORDER BY expires_at DESC LIMIT 1)
    a lot that waits longer: UPDATE loyalty.lot SET active_from = active_from + interval '1 day' WHERE pending
    a lot that is spent first: UPDATE loyalty.lot SET earned_at = earned_at - interval '1 day' WHERE origin_document_id IS NOT NULL
    a sale made later than it was: UPDATE loyalty.sale SET occurred_at = occurred_at + interval '1 hour' WHERE member_id = '$m1'
  collecting lots have the days they were made for
    a collecting lot that lives for ever: UPDATE loyalty.lot SET expires_at = NULL WHERE origin_document_id IS NULL
  uses of lots = debits of their document
    a use of a lot by another document: UPDATE loyalty.lot_use SET document_id = gen_random_uuid()
  digests of batches reproduce
    a posting lost: DELETE FROM loyalty.posting WHERE ONE
    points redeemed without having been told: UPDATE loyalty.posting SET kind = 'redeem' WHERE kind = 'expire'
    another content under a key: UPDATE loyalty.sale_key SET content_hash = sha256(content_hash)
    another count of documents: UPDATE loyalty.batch SET documents = documents + 1 WHERE chain_n = 1
  postings of a sale = its awards
    a posting changed: UPDATE loyalty.posting SET amount = amount + 1 WHERE account_id = (SELECT account_id FROM loyalty.account WHERE holder_id = '$m1') AND kind = 'earn'
  movements without a sale have postings
    a movement made up: INSERT INTO loyalty.transfer (program_id, transfer_id, kind, booked_at, reason, batch_id) SELECT 1, gen_random_uuid(), 'adjust', booked_at, 'made up', batch_id FROM loyalty.batch LIMIT 1
  every key has its document, once
    a sale lost: DELETE FROM loyalty.sale WHERE ONE
    a sale twice: INSERT INTO loyalty.sale SELECT (jsonb_populate_record(s, '{"booked_at": "2026-11-20T11:00:00Z"}')).* FROM loyalty.sale s LIMIT 1
  every document has its key
    a key lost: DELETE FROM loyalty.sale_key WHERE ONE
  stored sales are what their tills signed
    a receipt that may come again: UPDATE loyalty.sale_key SET receipt_key = decode(md5(document_id::text), 'hex')
    a sale served by somebody else: UPDATE loyalty.sale SET staff_id = gen_random_uuid() WHERE staff_id IS NOT NULL
    a dearer sale: UPDATE loyalty.sale SET gross_minor = gross_minor + 1
    a smaller reduction: UPDATE loyalty.sale SET reduction_minor = reduction_minor - 1
    another reimbursement: UPDATE loyalty.sale SET reimbursed_minor = reimbursed_minor + 1
    another amount paid: UPDATE loyalty.sale SET payable_minor = payable_minor - 1
    a sale of another day: UPDATE loyalty.sale SET business_date = business_date - 1
    a sale of another outlet: UPDATE loyalty.sale SET outlet_id = '$outlet2'
    a sale of another terminal: UPDATE loyalty.sale SET terminal_id = gen_random_uuid()
    another number on the receipt: UPDATE loyalty.sale SET document_number = 'X' || document_number
    another content: UPDATE loyalty.sale SET content = (SELECT content FROM loyalty.sale WHERE member_id IS NULL LIMIT 1) WHERE member_id IS NOT NULL
    a content that cannot be read: UPDATE loyalty.sale SET content = '\\x017f' WHERE member_id = '$m1'
    another list of digests: UPDATE loyalty.sale SET signed = set_byte(signed, length(signed) - 1, (get_byte(signed, length(signed) - 1) + 1) % 256)
    a used voucher that may be used again: DELETE FROM loyalty.voucher_use; UPDATE loyalty.voucher SET state = 'issued'
  members are credited and debited by their own sales
    a sale given to another member: UPDATE loyalty.sale SET member_id = '$m5' WHERE member_id = '$m1'
  sales name members that are there
    a sale of a member who never was: UPDATE loyalty.sale SET member_id = gen_random_uuid() WHERE member_id = '$m1'
  points of a sale = its awards in the main point type
    more points in the register’s source: UPDATE loyalty.sale SET points = points + 1 WHERE member_id = '$m1'
  every notice that a sale counts is there
    notices that nobody sees: UPDATE loyalty.sale SET notices = notices + 1
    a notice lost: DELETE FROM loyalty.finding
  notices belong to a document
    a notice of no document: UPDATE loyalty.finding SET document_id = gen_random_uuid()
  stored outcomes have their hash
    another outcome: UPDATE loyalty.sale SET outcome = (SELECT outcome FROM loyalty.sale WHERE member_id IS NULL LIMIT 1)
    an outcome that cannot be read: UPDATE loyalty.sale SET outcome = '\\xff'
    another hash of an outcome: UPDATE loyalty.sale SET outcome_hash = sha256(outcome_hash)
    a sale under other rules: UPDATE loyalty.sale SET rule_set = repeat('0', 64)
  postings of a sale = what was told of it
    points told as redeemed that were not: UPDATE loyalty.sale SET told = told - 'redeemed'
  documents belong to a batch of their instant
    a batch lost: DELETE FROM loyalty.batch WHERE ONE
    a sale of a batch that is not its own: UPDATE loyalty.sale SET batch_id = gen_random_uuid()
  every batch is linked to the one before it
    a batch lost, seen from the chain: DELETE FROM loyalty.batch WHERE chain_n = 2
    another sum of points: UPDATE loyalty.batch SET points = points + 1 WHERE chain_n = 1
    another digest: UPDATE loyalty.batch SET digest = sha256(digest) WHERE chain_n = 1
    another link: UPDATE loyalty.batch SET chain_hash = sha256(chain_hash) WHERE chain_n = 1
    the end of the chain cut off: UPDATE loyalty.batch SET chain_n = NULL WHERE chain_n = (SELECT max(chain_n) FROM loyalty.batch)
    another head of the chain: UPDATE loyalty.job SET note = note || '{"n": 1}' WHERE job = 'chain'
  accounts, cards and vouchers name members that are there
    a member lost: DELETE FROM loyalty.member WHERE member_id = '$m5'
    a card of a member who never was: UPDATE loyalty.card SET member_id = gen_random_uuid() WHERE member_id = '$m1'
    a voucher of a member who never was: UPDATE loyalty.voucher SET member_id = gen_random_uuid()
  members: visits and last sale = sales
    a first purchase for the second time: UPDATE loyalty.member SET visits = 0 WHERE member_id = '$m1'
    a member last seen today: UPDATE loyalty.member SET last_sale_at = last_sale_at + interval '1 day'
  members: tier = that of the present period
    a tier given by nobody: UPDATE loyalty.member SET tier = 'gold' WHERE member_id = '$m3'
    a tier of the past that lasts: UPDATE loyalty.member_period SET until_at = NULL WHERE member_id = '$m1'
  counters = claims of the sales
    a limit used less: UPDATE loyalty.counter SET used = used - 1
    a counter lost: DELETE FROM loyalty.counter WHERE ONE
    a counter made up: INSERT INTO loyalty.counter VALUES (1, 'made up', '*', '*', 5)
  used vouchers have one use
    a used voucher issued again: UPDATE loyalty.voucher SET state = 'issued'
    a voucher used by nobody: UPDATE loyalty.voucher SET state = 'used'
  uses of vouchers have a voucher and a sale
    a voucher used by no document: UPDATE loyalty.voucher_use SET document_id = gen_random_uuid()
    a used voucher lost: DELETE FROM loyalty.voucher WHERE state = 'used'
    a use that nobody made, given back: INSERT INTO loyalty.voucher_use SELECT u.program_id, v.voucher_id, u.document_id, u.amount_minor, u.used_at FROM loyalty.voucher_use u, loyalty.voucher v WHERE v.state = 'used' AND u.document_id IN (SELECT return_id FROM loyalty.sale_return)
  returns take back the sale that they name
    a return of another sale: UPDATE loyalty.sale_return SET original_id = gen_random_uuid() WHERE waiting IS NULL
    a return that may come again: DELETE FROM loyalty.sale_return WHERE waiting IS NULL
  stored returns repeat byte for byte
    a return of another sale than it was judged by: UPDATE loyalty.sale_return SET original_id = (SELECT document_id FROM loyalty.sale WHERE kind = 'sale' LIMIT 1) WHERE waiting IS NULL
  postings of a return = what was told of it
    points taken back that were not told: UPDATE loyalty.sale SET told = told - 'clawedBack' WHERE kind = 'return'
    points given back that were not told: UPDATE loyalty.sale SET told = told - 'givenBack' WHERE kind = 'return'
    more taken back: UPDATE loyalty.posting SET amount = amount - 1 WHERE kind = 'clawBack'
    more given back: UPDATE loyalty.posting SET amount = amount + 1 WHERE kind = 'giveBack'
  returns that are booked have their document, those that wait have none
    a booked return that waits: UPDATE loyalty.sale_return SET booked_at = NULL, waiting = (SELECT waiting FROM loyalty.sale_return WHERE waiting IS NOT NULL LIMIT 1) WHERE waiting IS NULL
    a waiting return that nobody books any more: UPDATE loyalty.sale_return SET booked_at = received_at, waiting = NULL WHERE waiting IS NOT NULL
    a sale that comes and does not hear who waits for it: DELETE FROM loyalty.sale_key WHERE state = 'awaited' AND document_id IN (SELECT original_id FROM loyalty.sale_return)
  keys are awaited by a return that waits
    a waiting return lost: DELETE FROM loyalty.sale_return WHERE waiting IS NOT NULL
    a sale that nobody waits for: INSERT INTO loyalty.sale_key (program_id, document_id, receipt_key, content_hash, state) SELECT 1, gen_random_uuid(), decode(md5('x'), 'hex'), content_hash, 'awaited' FROM loyalty.sale_key LIMIT 1
  returns that wait can be read
    a waiting return of which nothing is left: UPDATE loyalty.sale_return SET waiting = '\\x00' WHERE waiting IS NOT NULL
  published rule sets have their hash
    a rule changed after it was published: UPDATE loyalty.rule_version SET document = jsonb_set(document, '{name}', '"Other"') || '{"then": []}' WHERE rule_id = 'R-STAFF'
    a rule lost: DELETE FROM loyalty.rule_version WHERE rule_id = 'R-STAFF'
  stored judgements repeat byte for byte
    a rule set lost: DELETE FROM loyalty.rule_set
  the register of sales = sales that left the outbox
    a sale that the register lacks: DELETE FROM read.sale_register WHERE ONE
    a figure of the register: UPDATE read.sale_register SET payable_minor = payable_minor + 1 WHERE ONE
    a batch that would be counted again: UPDATE loyalty.batch SET relayed_at = NULL WHERE chain_n = 1
  what the register says was spent = postings
    points spent, as the register has them: UPDATE read.sale_register SET spent = spent + 1 WHERE ONE
  days of outlets = the register
    a day of an outlet: UPDATE read.daily_outlet SET sales = sales + 1
    a day of an outlet lost: DELETE FROM read.daily_outlet
  days of staff = the register and postings
    a day of staff: UPDATE read.daily_staff SET points = points + 1
  days of points = postings
    a day of points: UPDATE read.daily_points SET expired = expired + 1
  prices of stored sales are in the record of prices
    a price that the record lacks: DELETE FROM loyalty.asked_price WHERE ONE
    a price told to have been higher: UPDATE loyalty.asked_price SET unit_price_minor = unit_price_minor + 100
    a price told to have been asked later: UPDATE loyalty.asked_price SET from_date = from_date + 60, until_date = until_date + 60
  spans of a price begin and end with a sale at it
    a lower price made up: INSERT INTO loyalty.asked_price SELECT program_id, outlet_id, product_id, 1, from_date, until_date FROM loyalty.asked_price LIMIT 1
    a price that held longer: UPDATE loyalty.asked_price SET until_date = until_date + 20
    a price that held before: UPDATE loyalty.asked_price SET from_date = from_date - 20
  spans of a price lie more than 30 days apart
    a span cut in two: INSERT INTO loyalty.asked_price SELECT program_id, outlet_id, product_id, unit_price_minor, until_date + 1, until_date + 1 FROM loyalty.asked_price LIMIT 1
  nothing in the default partition of sale
    a row that belongs to no month: INSERT INTO loyalty.sale SELECT (jsonb_populate_record(t, '{"booked_at": "2040-01-01T00:00:00Z"}')).* FROM loyalty.sale t LIMIT 1
  nothing in the default partition of posting
    a row that belongs to no month: INSERT INTO loyalty.posting SELECT (jsonb_populate_record(t, '{"booked_at": "2040-01-01T00:00:00Z"}')).* FROM loyalty.posting t LIMIT 1
  nothing in the default partition of lot_use
    a row that belongs to no month: INSERT INTO loyalty.lot_use SELECT (jsonb_populate_record(t, '{"booked_at": "2040-01-01T00:00:00Z"}')).* FROM loyalty.lot_use t LIMIT 1
  nothing in the default partition of batch
    a row that belongs to no month: INSERT INTO loyalty.batch SELECT (jsonb_populate_record(t, '{"booked_at": "2040-01-01T00:00:00Z"}')).* FROM loyalty.batch t LIMIT 1
`

/** What nothing else in the database tells: no check can find it, and the records of who did what have to. */
export const unseen = `
    a card given to another member: UPDATE loyalty.card SET member_id = '$m5' WHERE member_id = '$m1'
    a blocked card set free: UPDATE loyalty.card SET state = 'active', version = version + 1
    a voucher worth more: UPDATE loyalty.voucher SET value_minor = value_minor + 1
    a tier of the past: UPDATE loyalty.member_period SET tier = 'gold' WHERE until_at IS NOT NULL
    another reason of an expiry: UPDATE loyalty.transfer SET reason = 'other'
    another code of a notice: UPDATE loyalty.finding SET code = 'card_blocked'
    a day of a category, which can be counted again: UPDATE read.daily_category SET lines = lines + 1
    a signature after it was checked: UPDATE loyalty.sale SET signed = set_byte(signed, 120, (get_byte(signed, 120) + 1) % 256)
`
