-- Lists of sales are read from read.sale_register, which is filled after commit; a booked sale is only opened by its key. So
-- three indexes leave the sale's own database transaction: a fifth of its bytes in the WAL.
-- Locks: ACCESS EXCLUSIVE on loyalty.sale for a moment.
DROP INDEX loyalty.sale_occurred;
DROP INDEX loyalty.sale_member;
DROP INDEX loyalty.sale_outlet;
