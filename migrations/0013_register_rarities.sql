-- What the register's views ask for and few sales have: returns, notices, points spent. An index over these rows alone costs
-- the others nothing, and a day without any of them is answered at once.
-- Locks: SHARE on read.sale_register, a second for a million sales.
CREATE INDEX sale_register_returned ON read.sale_register (program_id, occurred_at, document_id) WHERE kind = 'return';
CREATE INDEX sale_register_noticed ON read.sale_register (program_id, occurred_at, document_id) WHERE notices > 0;
CREATE INDEX sale_register_spent ON read.sale_register (program_id, occurred_at, document_id) WHERE spent > 0;
