-- Row security of the loyalty schema: the explicit program_id of every query is the first belt, this is the second.
-- Policies read the scope once a statement (a sub-select without reference to the row becomes one InitPlan).
-- Locks: ACCESS EXCLUSIVE on each table for a moment.
ALTER TABLE loyalty.program_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.program_version
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.rule_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.rule_version
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.rule_set ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.rule_set
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.rule_set_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.rule_set_period
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.bundle ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.bundle
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.member
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.member_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.member_period
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.card ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.card
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.account ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.account
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.account_slot ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.account_slot
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.sale_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.sale_key
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.sale ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.sale
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.transfer ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.transfer
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.posting ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.posting
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.lot ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.lot
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.lot_use ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.lot_use
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.counter ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.counter
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.voucher ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.voucher
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.voucher_use ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.voucher_use
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.reward ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.reward
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.reward_price ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.reward_price
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.stock ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.stock
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.batch
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.effect ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.effect
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.job ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.job
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.finding
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
ALTER TABLE loyalty.audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON loyalty.audit
  USING (program_id = ANY ((SELECT loyalty.programs_in_scope())::bigint[]));
